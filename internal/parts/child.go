package parts

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// What a child may take. Looking at a note's picture it has 0.3 GB of data, at 50 megapixels
// with transparency 1.0 GB; once faces were asked for, 0.1 GB more.
const (
	childMemory  = 3 << 29 // bytes of private memory; past it, allocations fail
	childSeconds = 20      // of CPU for one picture; past it the system ends the child
	maxAnswer    = 1 << 20 // bytes
)

// child is a running worker. One goroutine at a time uses it.
type child struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *os.File
	said  tail
	alone bool          // it sees no network
	ended chan struct{} // closed when the process is gone
	left  error         // how it went, once ended is closed; nil if it left by itself
}

// start runs a child and waits until its models are loaded.
func (p *Parts) start(ctx context.Context) (*child, error) {
	if err := p.verify(); err != nil {
		return nil, err
	}
	c, err := p.spawn()
	if err != nil {
		return nil, err
	}
	if _, err := c.guard(ctx, c.receive); err != nil {
		return nil, fmt.Errorf("start: %w", c.blame(err))
	}
	return c, nil
}

// spawn starts the process in the first cell the system allows.
func (p *Parts) spawn() (c *child, err error) {
	for _, cell := range cells() {
		if c, err = p.spawnIn(cell); err == nil {
			return c, nil
		}
	}
	return nil, err
}

func (p *Parts) spawnIn(place cell) (*child, error) {
	c := &child{alone: place.alone, ended: make(chan struct{})}
	c.cmd = exec.Command(p.python(), "-I", "-c", p.script, p.folder(),
		strconv.Itoa(childMemory), strconv.Itoa(childSeconds), strconv.Itoa(int(p.config.Idle.Seconds())))
	c.cmd.Env, c.cmd.Dir, c.cmd.Stderr, c.cmd.SysProcAttr = []string{}, "/", &c.said, place.attr
	c.cmd.WaitDelay = time.Second
	var err error
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	answers, give, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c.out, c.cmd.Stdout = answers, give
	err = c.cmd.Start()
	give.Close()
	if err != nil {
		answers.Close()
		return nil, err
	}
	go func() {
		c.left = c.cmd.Wait()
		close(c.ended)
	}()
	return c, nil
}

// ask sends a picture and gives the answer's bytes.
func (c *child) ask(ctx context.Context, want byte, picture []byte) ([]byte, error) {
	return c.guard(ctx, func() ([]byte, error) {
		head := binary.BigEndian.AppendUint32(nil, uint32(len(picture)+1))
		if _, err := c.in.Write(append(head, want)); err != nil {
			return nil, err
		}
		if _, err := c.in.Write(picture); err != nil {
			return nil, err
		}
		return c.receive()
	})
}

// guard kills the child if the context ends before the talk does.
func (c *child) guard(ctx context.Context, talk func() ([]byte, error)) ([]byte, error) {
	stop := context.AfterFunc(ctx, c.kill)
	body, err := talk()
	if !stop() {
		return nil, ctx.Err()
	}
	return body, err
}

// receive reads one answer.
func (c *child) receive() ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(c.out, head[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > maxAnswer {
		return nil, fmt.Errorf("an answer of %d bytes", n)
	}
	body := make([]byte, n)
	_, err := io.ReadFull(c.out, body)
	return body, err
}

func (c *child) kill() { _ = c.cmd.Process.Kill() } // it may be gone already

// gone reports whether the process has ended.
func (c *child) gone() bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}

// end kills the child and waits for it.
func (c *child) end() {
	c.kill()
	<-c.ended
	c.out.Close()
}

// blame ends the child and adds its end and its last words to the error.
func (c *child) blame(err error) error {
	c.end()
	return fmt.Errorf("%w (child: %s; it said %q)", err, c.cmd.ProcessState, c.said.last)
}

// tail keeps the end of what is written to it: a broken child's last words.
type tail struct{ last []byte }

// Write keeps the last 500 bytes.
func (t *tail) Write(b []byte) (int, error) {
	t.last = append(t.last, b...)
	t.last = bytes.TrimSpace(t.last[max(0, len(t.last)-500):])
	return len(b), nil
}
