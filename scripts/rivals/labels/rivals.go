package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// rivals are the rows, and what ends the programs behind them.
func (b *bench) rivals(bin string) (rows []*rival, stop func()) {
	var out bytes.Buffer
	var children []*child
	row := func(group, name string, times int, run func(int) (time.Duration, error)) {
		rows = append(rows, &rival{group: group, name: name, times: times, run: run})
	}
	rs := func(what string) func(int) (time.Duration, error) {
		c := &child{command: []string{
			filepath.Join(bin, "c2pa"), what, filepath.Join(b.dir, "photo.jpg"), "image/jpeg",
			filepath.Join(b.dir, "chain.pem"), filepath.Join(b.dir, "key.pem"), filepath.Join(b.dir, "anchors.pem"), "100",
		}}
		children = append(children, c)
		return c.hundred
	}
	const sign, check, inspect = "sign a JPEG", "sign a JPEG and read it back", "inspect a signed JPEG"
	row(sign, "**Loam**, GB label and manifest", 500, repeat(func() error { return b.sign(&out) }))
	row(sign, "c2pa-rs (crate), manifest", 100, rs("sign"))
	row(check, "**Loam**, GB label and manifest", 500, repeat(func() error {
		if err := b.sign(&out); err != nil {
			return err
		}
		return b.check(out.Bytes())
	}))
	row(check, "c2pa-rs (crate), manifest", 100, rs("checked"))
	row(inspect, "**Loam**, GB label and manifest", 500, repeat(func() error { return b.check(b.signed) }))
	row(inspect, "c2pa-rs (crate), manifest", 100, rs("inspect"))

	const write, read = "write an AI mark into a JPEG's XMP, on disk", "read a JPEG's XMP"
	file := filepath.Join(b.dir, "exif.jpg")
	et := &exiftool{}
	row(write, "**Loam**, GB label", 200, repeat(b.labelPhoto))
	row(write, "exiftool (kept open), IPTC source type", 5, repeat(func() error {
		return et.do("-overwrite_original", "-XMP-iptcExt:DigitalSourceType=trainedAlgorithmicMedia", file)
	}))
	row(read, "**Loam**", 200, repeat(func() error { return b.readPhoto(file) }))
	row(read, "exiftool (kept open)", 5, repeat(func() error { return et.do("-XMP:all", file) }))

	const film = "label a film, on disk"
	if b.filmSize > 0 {
		row(film, "a copy and SHA-256 alone", 1, repeat(b.copyFilm))
		row(film, "**Loam**, GB label", 1, repeat(b.labelFilm))
		row(film, "**Loam**, GB label and manifest", 1, repeat(b.signFilm))
		row(film, "ffmpeg, metadata", 1, repeat(func() error {
			return ffmpeg("-i", b.film, "-c", "copy", "-movflags", "use_metadata_tags", "-metadata", `AIGC={"Label":"1"}`, filepath.Join(b.dir, "ffmpeg.mov"))
		}))
	}
	return rows, func() {
		for _, c := range children {
			c.end()
		}
		et.end()
	}
}

func ffmpeg(args ...string) error {
	return exec.Command("ffmpeg", append([]string{"-v", "error", "-y", "-threads", "1"}, args...)...).Run()
}

// makeFilm makes ten seconds of unpacked pictures: 154 MB that are quick to make.
func (b *bench) makeFilm() error {
	err := ffmpeg("-f", "lavfi", "-i", "testsrc=size=640x480:rate=25", "-t", "10", "-c:v", "rawvideo", "-pix_fmt", "uyvy422", b.film)
	if err != nil {
		return err
	}
	info, err := os.Stat(b.film)
	if err == nil {
		b.filmSize = info.Size()
	}
	return err
}

// child is a rival's program: it says "ready" and answers each line with the nanoseconds that
// a hundred rounds of its work took.
type child struct {
	command []string
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
}

func (c *child) start() error {
	c.cmd = exec.Command(c.command[0], c.command[1:]...)
	c.cmd.Stderr = os.Stderr
	c.cmd.Env = append(os.Environ(), "RAYON_NUM_THREADS=1")
	in, err := c.cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.cmd.Start(); err != nil {
		c.cmd = nil
		return err
	}
	c.in, c.out = in, bufio.NewScanner(out)
	if !c.out.Scan() {
		return errors.New("it ended before it was ready")
	}
	return nil
}

func (c *child) hundred(times int) (time.Duration, error) {
	if c.cmd == nil {
		if err := c.start(); err != nil {
			return 0, err
		}
	}
	if _, err := io.WriteString(c.in, "run\n"); err != nil {
		return 0, err
	}
	if !c.out.Scan() {
		return 0, errors.New("it ended in a round")
	}
	ns, err := strconv.ParseInt(c.out.Text(), 10, 64)
	return time.Duration(ns) * time.Duration(times) / 100, err
}

func (c *child) end() {
	if c.cmd != nil {
		_ = c.in.Close() // ends it
		_ = c.cmd.Wait() // its exit code says nothing more
	}
}

// exiftool is kept open, so that its own start is not timed.
type exiftool struct{ child }

func (e *exiftool) do(args ...string) error {
	if e.cmd == nil {
		e.cmd = exec.Command("exiftool", "-stay_open", "True", "-@", "-")
		in, err := e.cmd.StdinPipe()
		if err != nil {
			return err
		}
		out, err := e.cmd.StdoutPipe()
		if err != nil {
			return err
		}
		if err := e.cmd.Start(); err != nil {
			e.cmd = nil
			return err
		}
		e.in, e.out = in, bufio.NewScanner(out)
	}
	if _, err := io.WriteString(e.in, strings.Join(args, "\n")+"\n-execute\n"); err != nil {
		return err
	}
	for e.out.Scan() {
		if e.out.Text() == "{ready}" {
			return nil
		}
	}
	return errors.New("exiftool ended")
}

func (e *exiftool) end() {
	if e.cmd != nil {
		_, _ = io.WriteString(e.in, "-stay_open\nFalse\n") // ends it
	}
	e.child.end()
}
