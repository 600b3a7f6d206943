package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"time"

	"loam"
	"loam/internal/demo"
	"loam/internal/media"
	"loam/internal/parts"
	"loam/internal/policy"
	"loam/internal/render"
	"loam/internal/screen"
)

// pictureBenchmarks are those of the optional parts: none where they are not installed. A
// child works on the core its parent is bound to.
func pictureBenchmarks(ctx context.Context, p *parts.Parts) []benchmark {
	if p.Health(ctx) != nil {
		return nil
	}
	return []benchmark{
		{"ocr", "a cover's words read, 1080×1440 JPEG", "picture", func() (func() error, int, error) { return benchOCR(ctx, p) }},
		{"pictures", "a note whose one picture is a cover with words, through every local picture detector", "picture", func() (func() error, int, error) {
			return benchPictures(ctx, p, benchCovers)
		}},
		{"pictures.photo", "a note whose one picture is a scene without words, through every local picture detector", "picture", func() (func() error, int, error) {
			return benchPictures(ctx, p, benchScenes)
		}},
	}
}

// benchCovers are a cover in every style, as phones would send them.
func benchCovers() ([][]byte, error) {
	pen, err := newPen()
	if err != nil {
		return nil, err
	}
	var out [][]byte
	for _, style := range render.Styles() {
		img, err := pen.Cover(style, loam.Page{Title: "湖边陶艺工作室，两小时做一个杯子", Sub: "人均128元"})
		if err != nil {
			return nil, err
		}
		file, err := asJPEG(img)
		if err != nil {
			return nil, err
		}
		out = append(out, file)
	}
	return out, nil
}

// benchScenes are painted scenes of the demo.
func benchScenes() (out [][]byte, err error) {
	for _, name := range []string{"lake", "desk", "kitchen", "market", "cat", "road"} {
		file, err := asJPEG(demo.Scene{Name: name, Variant: 1, Shape: "tall"}.Draw())
		if err != nil {
			return nil, err
		}
		out = append(out, file)
	}
	return out, nil
}

func asJPEG(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 85})
	return b.Bytes(), err
}

func benchOCR(ctx context.Context, p *parts.Parts) (func() error, int, error) {
	files, err := benchCovers()
	n := 0
	return func() error {
		n++
		lines, err := p.Words(ctx, files[n%len(files)])
		if err == nil && len(lines) == 0 {
			err = errors.New("a cover without words")
		}
		return err
	}, 1, err
}

// benchPictures screens a note with one picture. As in the line, its perceptual hash was
// taken at the upload and is only compared.
func benchPictures(ctx context.Context, p *parts.Parts, draw func() ([][]byte, error)) (func() error, int, error) {
	rules, err := policy.Parse(policy.Default())
	if err != nil {
		return nil, 0, err
	}
	files, err := draw()
	if err != nil {
		return nil, 0, err
	}
	prints := make([]string, len(files))
	for i, f := range files {
		img, err := jpeg.Decode(bytes.NewReader(f))
		if err != nil {
			return nil, 0, err
		}
		prints[i] = media.PDQOf(img).String()
	}
	n := 0
	readers, more := lookers(p, newGate())
	s := screen.New(screen.Config{
		Policy: rules, Store: noRecords{}, Clock: time.Now,
		Bytes:   func(context.Context, string) ([]byte, error) { return files[n%len(files)], nil },
		Picture: func(context.Context, string) (string, error) { return prints[n%len(files)], nil },
		Readers: readers,
		More:    more,
	})
	v := loam.Version{ID: "v", Owner: "a", Content: loam.Content{
		Kind: loam.KindDaily, Title: "湖边陶艺", Assets: []loam.AssetRef{{Field: "picture.1", Hash: "h"}}, TextAI: loam.NotAI,
	}}
	return func() error {
		n++
		r, err := s.Screen(ctx, v)
		if err == nil && len(r.Verdict.Missing)+len(r.Verdict.Absent) > 0 {
			err = fmt.Errorf("did not look: %v %v", r.Verdict.Missing, r.Verdict.Absent)
		}
		return err
	}, 1, nil
}
