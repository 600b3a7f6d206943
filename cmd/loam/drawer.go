package main

import (
	"bytes"
	"container/list"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"sync"

	"loam"
	"loam/internal/media"
	"loam/internal/photo"
	"loam/internal/render"
	"loam/internal/store"
	"loam/internal/web"
)

// drawer draws pages for web and intake.
type drawer struct {
	pen   *render.Renderer
	shelf *shelf
}

// pageQuality is that of a drawn page with photos: as PNG it would be ten times as large.
const pageQuality = 90

// Page draws a page, as PNG of words and as JPEG with photos, which then carries the AI
// marks of their files.
func (d drawer) Page(ctx context.Context, to loam.Drawing) ([]byte, error) {
	style, err := render.Find(to.Style)
	if err != nil {
		return nil, err
	}
	r := render.Drawing{Style: style, Brand: to.Brand, Page: to.Page, Index: to.Index, Total: to.Total}
	var marks []media.Found
	for i, frame := range render.Frames(style, to.Page) {
		if i >= len(to.Photos) {
			break
		}
		cut, found, err := d.shelf.cut(ctx, to.Photos[i].Hash, to.Page.Photos[i].Crop, to.Page.Print, frame.Size())
		if err != nil {
			return nil, err
		}
		r.Photos = append(r.Photos, cut)
		for _, m := range found {
			if m.Strict() { // one that cannot be rewritten is in the asset's state, and so in our label
				marks = append(marks, m)
			}
		}
	}
	img, err := d.pen.Page(r)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if len(r.Photos) == 0 {
		err = render.Encode(&out, img)
		return out.Bytes(), err
	}
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: pageQuality}); err != nil {
		return nil, err
	}
	return media.Carry(out.Bytes(), marks)
}

// A sample in the chooser of photo styles is rendered at twice its size: what is finer than
// a pixel there would else look coarser than on the page.
const (
	sampleWide = 270
	sampleHigh = 360
)

// Print is a small JPEG of a picture in a photo style.
func (d drawer) Print(ctx context.Context, a loam.Asset, p loam.Print) ([]byte, error) {
	base, marks, err := d.shelf.base(ctx, a.Hash)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = d.shelf.gate.run(ctx, func() error {
		img := photo.Apply(p, media.Cut(base, whole, 2*sampleWide, 2*sampleHigh))
		return jpeg.Encode(&out, media.Cut(img, whole, sampleWide, sampleHigh), &jpeg.Options{Quality: pageQuality})
	})
	if err != nil {
		return nil, err
	}
	return media.Carry(out.Bytes(), marks)
}

// Styles lists the cover styles.
func (drawer) Styles() []web.Style {
	out := []web.Style{}
	for _, s := range render.Styles() {
		out = append(out, web.Style{Name: s.Name, Zh: s.Zh, En: s.En})
	}
	return out
}

// shelf keeps photos as pages need them, in memory and bounded: decoding one anew for every
// letter that is typed would take a second.
type shelf struct {
	blobs *store.Blobs
	gate  gate

	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // the last used first
	bytes int
}

// kept is a photo on the shelf.
type kept struct {
	key   string
	img   *image.RGBA
	marks []media.Found
}

const (
	shelfBytes = 64 << 20
	baseEdge   = 1920 // of what pages are cut from, in pixels
)

// whole is all of a picture, in thousandths.
var whole = [4]int{0, 0, 1000, 1000}

func newShelf(blobs *store.Blobs, g gate) *shelf {
	return &shelf{blobs: blobs, gate: g, byKey: map[string]*list.Element{}, order: list.New()}
}

// cut is a part of a stored picture at a size, printed; the caller must not draw on it.
func (s *shelf) cut(ctx context.Context, hash string, crop *loam.Crop, print loam.Print, size image.Point) (*image.RGBA, []media.Found, error) {
	part := whole
	if crop != nil {
		part = [4]int{crop.X, crop.Y, crop.W, crop.H}
	}
	return s.take(ctx, fmt.Sprint("cut ", hash, part, print, size), func() (*image.RGBA, []media.Found, error) {
		base, marks, err := s.base(ctx, hash)
		if err != nil {
			return nil, nil, err
		}
		var img *image.RGBA
		err = s.gate.run(ctx, func() error {
			img = photo.Apply(print, media.Cut(base, part, size.X, size.Y))
			return nil
		})
		return img, marks, err
	})
}

func (s *shelf) base(ctx context.Context, hash string) (*image.RGBA, []media.Found, error) {
	return s.take(ctx, "base "+hash, func() (img *image.RGBA, marks []media.Found, err error) {
		data, err := s.blobs.Read(hash)
		if err != nil {
			return nil, nil, err
		}
		err = s.gate.run(ctx, func() error {
			full, _, err := media.Decode(data)
			if err == nil {
				img = media.Shrink(full, baseEdge)
				marks, err = media.Read(data)
			}
			return err
		})
		return img, marks, err
	})
}

// take gives what is kept under a key, or makes and keeps it. Two who ask at once may both
// make it: they get the same.
func (s *shelf) take(ctx context.Context, key string, make func() (*image.RGBA, []media.Found, error)) (*image.RGBA, []media.Found, error) {
	s.mu.Lock()
	if e, ok := s.byKey[key]; ok {
		s.order.MoveToFront(e)
		k := e.Value.(kept)
		s.mu.Unlock()
		return k.img, k.marks, nil
	}
	s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	img, marks, err := make()
	if err != nil {
		return nil, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.byKey[key]; !ok {
		s.byKey[key] = s.order.PushFront(kept{key, img, marks})
		s.bytes += len(img.Pix)
	}
	for s.bytes > shelfBytes && s.order.Len() > 1 {
		last := s.order.Back()
		k := last.Value.(kept)
		s.order.Remove(last)
		delete(s.byKey, k.key)
		s.bytes -= len(k.img.Pix)
	}
	return img, marks, nil
}
