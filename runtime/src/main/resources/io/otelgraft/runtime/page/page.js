'use strict';
// Keeps the list as the server would show it now: asks for the same page, and takes over what is new in it. Nothing is
// made of text here, so nothing can be mistaken for markup: the server escapes, and elements are moved as they are.
(() => {
  const rows = document.querySelector('[data-rows]');
  if (!rows) {
    return;
  }
  const PERIOD = 2000;
  const QUIET = 10000;
  const pause = document.getElementById('pause');
  const news = document.getElementById('news');
  const filter = document.getElementById('filter');

  let paused = false;
  let timer;
  let running;
  let unsaid = 0;
  let spoken = 0;

  // Says something now and then, not with each row: it is read aloud.
  function say(text) {
    if (news.textContent !== text) {
      news.textContent = text;
    }
    spoken = Date.now();
  }

  function tell(fresh) {
    unsaid += fresh;
    if (unsaid && Date.now() - spoken >= QUIET) {
      say(unsaid === 1 ? '1 new decision' : `${unsaid} new decisions`);
      unsaid = 0;
    }
  }

  function takeOver(page) {
    for (const part of document.querySelectorAll('[data-live]')) {
      const next = page.getElementById(part.id);
      if (next && next.outerHTML !== part.outerHTML) {
        part.replaceWith(next);
      }
    }
    const wanted = [...page.querySelectorAll('[data-rows] > *')];
    const ids = new Set(wanted.map(row => row.id));
    const focused = document.activeElement.closest('tr');
    for (const row of [...rows.children]) {
      // What has the focus stays until it is left: nobody is thrown back to the top of the page.
      if (!ids.has(row.id) && row !== focused) {
        row.remove();
      }
    }
    let fresh = 0;
    let at = rows.firstElementChild;
    for (const row of wanted) {
      if (at && at.id === row.id) {
        at = at.nextElementSibling;
      } else {
        const known = document.getElementById(row.id);
        fresh += known ? 0 : 1;
        rows.insertBefore(known || row, at);
        if (!known) {
          row.classList.add('fresh');
        }
      }
    }
    return fresh;
  }

  function refresh(announce) {
    clearTimeout(timer);
    if (running) {
      running.abort();
    }
    // Not fetch: this gives a document, in which no script runs, and needs no parsing of strings.
    const request = new XMLHttpRequest();
    running = request;
    request.open('GET', location.pathname + location.search);
    request.responseType = 'document';
    request.timeout = 10000;
    request.onload = () => {
      if (request.status === 200 && request.response) {
        const fresh = takeOver(request.response);
        if (announce) {
          tell(fresh);
        }
        if (news.textContent.startsWith('No answer')) {
          say('');
        }
      }
    };
    request.onerror = request.ontimeout = () => say('No answer from Graft; what is shown may be old.');
    request.onloadend = () => {
      if (running === request) {
        running = undefined;
        next();
      }
    };
    request.send();
  }

  function next() {
    clearTimeout(timer);
    if (!paused && !document.hidden) {
      timer = setTimeout(() => refresh(true), PERIOD);
    }
  }

  pause.hidden = false;
  pause.addEventListener('click', () => {
    paused = !paused;
    pause.textContent = paused ? 'Resume' : 'Pause';
    say(paused ? 'Paused' : 'Live');
    if (paused) {
      clearTimeout(timer);
    } else {
      refresh(false);
    }
  });

  function applyFilter() {
    const query = new URLSearchParams(new FormData(filter));
    for (const [name, value] of [...query]) {
      if (!value) {
        query.delete(name);
      }
    }
    const search = query.toString();
    history.replaceState(null, '', search ? `?${search}` : location.pathname);
    refresh(false);
  }

  let typing;
  filter.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(applyFilter, 250);
  });
  filter.addEventListener('submit', event => {
    event.preventDefault();
    clearTimeout(typing);
    applyFilter();
  });

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      clearTimeout(timer);
    } else if (!paused) {
      refresh(true);
    }
  });
  next();
})();
