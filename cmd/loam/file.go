package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"loam"
	"loam/internal/media"
)

// read reads a whole file of at most limit bytes; - is standard input.
func (a *app) read(name string, limit int64) ([]byte, error) {
	in := a.in
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	return readAll(in, name, limit)
}

// readAll reads what a name stands for to its end, at most limit bytes.
func readAll(in io.Reader, name string, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("%s: larger than %d MB", name, limit>>20)
	}
	return b, err
}

// write puts a whole file in place or leaves what was there: readers never see half of it.
// - is standard output; a pipe or device is written to as it is.
func (a *app) write(name string, b []byte) error {
	return a.put(name, bytes.NewReader(b), func(media.Source) error { return nil })
}

// put is write for a file of any length. What lies on the disk is checked before it takes
// the place of what was there.
func (a *app) put(name string, from io.WriterTo, check func(media.Source) error) (err error) {
	if name == "-" {
		_, err := from.WriteTo(a.out)
		return err
	}
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real // the link stays one
	}
	mode := fs.FileMode(0o666)
	switch info, err := os.Stat(name); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case info.Mode().IsRegular():
		mode = info.Mode().Perm()
	case info.IsDir():
		return &fs.PathError{Op: "write", Path: name, Err: errors.New("is a folder")}
	default:
		device, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err == nil {
			_, err = from.WriteTo(device)
			err = errors.Join(err, device.Close())
		}
		return err
	}
	part := filepath.Join(filepath.Dir(name), ".loam-"+loam.NewID(time.Now()))
	file, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, errors.Unwrap(err))
	}
	defer func() {
		if err != nil {
			os.Remove(part)
		}
	}()
	n, err := from.WriteTo(file)
	if err == nil {
		err = check(fileSource{file, n})
	}
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return os.Rename(part, name)
}

// json writes one object on a line, text as it is.
func (a *app) json(v any) error {
	enc := json.NewEncoder(a.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// terminal reports whether a person reads the output, not a program or a file.
func (a *app) terminal() bool {
	file, ok := a.out.(*os.File)
	return ok && isTerminal(file)
}

func isTerminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&fs.ModeCharDevice != 0
}
