package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"loam"
	"loam/internal/label"
	"loam/internal/media"
	"loam/internal/parts"
)

// film plans a film or sound with a label that is seen or heard. ffmpeg writes a copy beside
// where the file goes, and the implicit label is planned into that: a program that writes a
// film anew may drop it.
func (c *labelCmd) film(a *app, src media.Source, in, out string, typ media.Type, o label.Options) (plan, loam.Mark, func(), error) {
	if _, _, err := label.Plan(src, o); err != nil { // before an hour's work
		return nil, loam.Mark{}, nil, err
	}
	beside := os.TempDir()
	if out != "-" {
		beside = filepath.Dir(out)
	}
	dir, err := os.MkdirTemp(beside, ".loam-label-")
	if err != nil {
		return nil, loam.Mark{}, nil, err
	}
	clean := func() { os.RemoveAll(dir) }
	p, mark, file, err := c.filmIn(a, dir, src, in, typ, o)
	if err != nil {
		clean()
		return nil, loam.Mark{}, nil, err
	}
	return p, mark, func() { file.Close(); clean() }, nil
}

func (c *labelCmd) filmIn(a *app, dir string, src media.Source, in string, typ media.Type, o label.Options) (plan, loam.Mark, io.Closer, error) {
	if _, ok := src.(fileSource); !ok { // ffmpeg reads a film at any place
		in = filepath.Join(dir, "in")
		if err := spool(in, src); err != nil {
			return nil, loam.Mark{}, nil, err
		}
	}
	made := filepath.Join(dir, "made")
	err := parts.Films{}.Mark(a.ctx, in, made, typ, parts.Visible{
		Plate: o.Plate, Closing: c.Closing, Cue: parts.Cue(c.Cue), Gap: c.CueGap, AtEnd: c.CueAt == "end",
	})
	if err != nil {
		return nil, loam.Mark{}, nil, err
	}
	file, err := os.Open(made)
	if err != nil {
		return nil, loam.Mark{}, nil, err
	}
	info, err := file.Stat()
	if err == nil {
		p, mark, fault := label.PlanCopy(src, fileSource{file, info.Size()}, o)
		if fault == nil {
			return p, mark, file, nil
		}
		err = fault
	}
	return nil, loam.Mark{}, nil, errors.Join(err, file.Close())
}

// spool writes a source to a new file.
func spool(name string, src media.Source) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, io.NewSectionReader(src, 0, src.Size()))
	return errors.Join(err, file.Close())
}
