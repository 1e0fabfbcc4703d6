package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	logs = "/var/log/kubebox"
	// How many lines of a log are shown when something fails.
	shownLines = 30
)

// components are the processes of the node. Each has to run as long as the node does, except for when somebody kills it.
type components struct {
	// Ends when the node is told to end, or when one of the components has ended; its cause says which.
	running context.Context
	fail    context.CancelCauseFunc

	ended    sync.WaitGroup
	stopping chan struct{}
}

// A component that ended, or never began.
type failure struct {
	component string
	err       error
}

func (f *failure) Error() string { return fmt.Sprintf("%s: %v", f.component, f.err) }

func (f *failure) Unwrap() error { return f.err }

func newComponents(parent context.Context) *components {
	running, fail := context.WithCancelCause(parent)
	return &components{running: running, fail: fail, stopping: make(chan struct{})}
}

// Starts the component, with what it prints in a log of its own.
func (c *components) start(component string, args ...string) {
	c.ended.Go(func() {
		if err := c.keep(component, args); err != nil {
			c.fail(&failure{component, err})
		}
	})
}

// Runs the component until the node stops; returns why it ended if it ended before. One that somebody kills is started
// again, as kubeadm's clusters do with theirs: that is how a test has it be away for a while.
func (c *components) keep(component string, args []string) error {
	log, err := openLog(component)
	if err != nil {
		return err
	}
	defer log.Close()
	for {
		if err := c.once(log, component, args); !killed(err) {
			return err
		}
		fmt.Fprintln(log, "kubebox: killed, and started again")
	}
}

// Runs the component until it ends, or the node stops.
func (c *components) once(log *os.File, component string, args []string) error {
	process := exec.Command(component, args...)
	process.Stdout, process.Stderr = log, log
	if err := process.Start(); err != nil {
		return err
	}
	exited := make(chan error, 1)
	go func() { exited <- process.Wait() }()
	select {
	case err := <-exited:
		if err == nil {
			err = errors.New("it ended")
		}
		return err
	case <-c.stopping:
	}
	process.Process.Signal(syscall.SIGTERM)
	select {
	case <-exited:
	case <-time.After(2 * time.Second):
		process.Process.Kill()
		<-exited
	}
	return nil
}

func killed(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

// Ends all of them.
func (c *components) stop() {
	close(c.stopping)
	c.ended.Wait()
}

// Runs a program to its end.
func (c *components) run(ctx context.Context, program string, args ...string) error {
	_, err := c.output(ctx, program, args...)
	return err
}

func (c *components) output(ctx context.Context, program string, args ...string) ([]byte, error) {
	var complaints bytes.Buffer
	command := exec.CommandContext(ctx, program, args...)
	command.Stderr = &complaints
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w: %s%s", program, strings.Join(args, " "), err, output, complaints.Bytes())
	}
	return output, nil
}

// Says why the context ended, if it did so by itself, and what is known about it; err if it did not.
func (c *components) explain(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	if cause == nil {
		return err
	}
	var failed *failure
	switch {
	case errors.As(cause, &failed):
		return fmt.Errorf("%w\n%s", cause, lastLines(failed.component))
	case errors.Is(cause, context.Canceled):
		return nil // It was told to end.
	default:
		var all strings.Builder
		logs, _ := filepath.Glob(logs + "/*.log")
		for _, log := range logs {
			all.WriteString("\n" + lastLines(strings.TrimSuffix(filepath.Base(log), ".log")))
		}
		return fmt.Errorf("%w: %w%s", cause, err, all.String())
	}
}

func openLog(component string) (*os.File, error) {
	if err := os.MkdirAll(logs, 0o755); err != nil {
		return nil, err
	}
	return os.Create(filepath.Join(logs, component+".log"))
}

func lastLines(component string) string {
	log, err := os.ReadFile(filepath.Join(logs, component+".log"))
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimRight(string(log), "\n"), "\n")
	return fmt.Sprintf("the end of the log of %s:\n  %s", component,
		strings.Join(lines[max(0, len(lines)-shownLines):], "\n  "))
}
