package parts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"time"

	"loam"
)

// limits are what a program that is not ours may take of the machine. The system holds it to
// all of them; they outlive Loam.
type limits struct {
	memory int64         // bytes of private memory
	cpu    time.Duration // over all cores
	file   int64         // bytes of a file it writes
	answer int64         // bytes it says
}

// errAnswer is a program that says more than it may.
var errAnswer = errors.New("it says too much")

// within sets the limits and becomes the program: memory and files are in the units of
// POSIX's ulimit, 1024 and 512 bytes.
const within = `ulimit -c 0 && ulimit -d "$1" && ulimit -t "$2" && ulimit -f "$3" && shift 3 && exec "$@"`

// findIn gives the path of a program of a Debian package: Unavailable, "program.missing" where
// it is not installed.
func findIn(name, pkg string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return "", loam.Fail(loam.Unavailable, "program.missing", name, pkg).Because(err)
	}
	return path, nil
}

// program runs a program to its end, in dir, without environment and in the first cell the
// system allows, and gives what it says. The error holds its last words.
func program(ctx context.Context, l limits, dir, path string, args ...string) ([]byte, error) {
	var err error
	for _, place := range cells() {
		out, complaint := &bounded{left: l.answer}, &tail{}
		words := []string{
			"-c", within, "sh", strconv.FormatInt(l.memory/1024, 10), strconv.Itoa(int(l.cpu.Seconds()) + 1),
			strconv.FormatInt(l.file/512+1, 10), path,
		}
		cmd := exec.CommandContext(ctx, "/bin/sh", append(words, args...)...)
		cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = []string{}, dir, out, complaint, place.attr
		cmd.WaitDelay = time.Second
		if err = cmd.Start(); err != nil {
			continue
		}
		err = cmd.Wait()
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case out.left < 0:
			return nil, errAnswer
		case err != nil:
			return nil, fmt.Errorf("%w (it said %q)", err, complaint.last)
		}
		return out.said, nil
	}
	return nil, err
}

// bounded keeps what is written to it and refuses what is too much.
type bounded struct {
	said []byte
	left int64
}

var _ io.Writer = (*bounded)(nil)

// Write fails where there is no room for all of b: the program hears it as a closed pipe.
func (w *bounded) Write(b []byte) (int, error) {
	if w.left -= int64(len(b)); w.left < 0 {
		return 0, errAnswer
	}
	w.said = append(w.said, b...)
	return len(b), nil
}
