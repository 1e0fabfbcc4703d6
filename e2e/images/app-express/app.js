// Greets on PORT of HOST, and lets the service at NEXT greet as well when there is one.
const express = require('express');

const app = express();

app.get('/hello/:name', async (request, response) => {
  let greeting = `Express greets ${request.params.name}\n`;
  if (process.env.NEXT) {
    const next = await fetch(`${process.env.NEXT}/hello/${request.params.name}`);
    greeting += await next.text();
  }
  response.send(greeting);
});

const server = app.listen(Number(process.env.PORT || 8080), process.env.HOST || '127.0.0.1');
// The agent listens for the signal as well, and so keeps Node.js from ending by itself.
process.on('SIGTERM', () => server.close(() => process.exit(0)));
