package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"loam"
	"loam/internal/web"
)

// TestPastedBook: 50,000 characters at once are arranged, and none of them is lost.
func TestPastedBook(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	var book strings.Builder
	for i := 0; utf8.RuneCountInString(book.String()) < 50_000; i++ {
		book.WriteString("第" + strings.Repeat("一", i%7+1) + "段写的是路口那棵樟树，春天落叶，夏天遮阴，走过的人都要抬头看一眼。\n\n")
	}
	started := time.Now()
	s := ann.begin(book.String())
	t.Logf("%d characters in %v", utf8.RuneCountInString(book.String()), time.Since(started))
	if s.Counters.Title.Count > s.Counters.Title.Max || s.Counters.Body.Count > s.Counters.Body.Max || len(s.Draft.Pages) > s.Counters.Pages.Max {
		t.Errorf("out of limits: %+v", s.Counters)
	}
	if s.Draft.Idea != book.String() {
		t.Error("the paste is not what was kept")
	}
}

// TestOddScripts: right-to-left text, stacked marks, lone emoji and nothing but digits each
// give a draft within the limits.
func TestOddScripts(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	for _, idea := range []string{
		"قهوة جيدة بجانب البحيرة، السعر 35، موقف السيارات صعب", "Z" + strings.Repeat("\u0317\u0301\u0489", 300) + "algo 咖啡好喝，停车难",
		"12345678901234567890", "👨‍👩‍👧‍👦 去公园", "\u202e颠倒的字\u202c 拿铁好喝", strings.Repeat("啊", 3000),
	} {
		s := ann.begin(idea)
		if s.Counters.Title.Count > s.Counters.Title.Max || s.Counters.Body.Count > s.Counters.Body.Max || s.Title == "" {
			t.Errorf("%.40q: title %q, counters %+v", idea, s.Title, s.Counters)
		}
		for i := range s.Draft.Pages {
			if a := ann.do("GET", "/api/works/"+s.ID+"/pages/"+string(rune('0'+min(i, 9))), nil); a.status != 200 {
				t.Errorf("%.40q, page %d: %d", idea, i, a.status)
			}
		}
	}
}

// offer sends a picture that may be refused.
func (c *client) offer(work string, data []byte) answer {
	c.h.t.Helper()
	body, kind := form(c.h.t, data)
	return c.do("POST", "/api/works/"+work+"/pictures", body, "Content-Type", kind)
}

// TestBigPicture: 12,000 × 12,000 pixels are refused by what the header says, before they
// are decoded.
func TestBigPicture(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	s := ann.begin("今天的湖")
	var big bytes.Buffer
	if err := png.Encode(&big, image.NewPaletted(image.Rect(0, 0, 12_000, 12_000), color.Palette{color.White, color.Black})); err != nil {
		t.Fatal(err)
	}
	a := ann.offer(s.ID, big.Bytes())
	if a.status != 413 || a.code() != "picture.too_large" {
		t.Errorf("got %d %q", a.status, a.code())
	}
}

// TestManyPictures: two hundred pictures at once are each answered, and not all of them lie
// in memory.
func TestManyPictures(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	s := ann.begin("今天的湖")
	photo := noisyJPEG(t, 900, 1200)
	var wg sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for range 200 {
		wg.Go(func() {
			a := ann.offer(s.ID, photo)
			mu.Lock()
			defer mu.Unlock()
			statuses[a.status]++
		})
	}
	wg.Wait()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	t.Logf("%v, heap %d MB", statuses, m.HeapSys>>20)
	if statuses[201]+statuses[429] != 200 || statuses[201] == 0 {
		t.Errorf("got %v", statuses)
	}
	var fresh web.Sheet
	ann.must("GET", "/api/works/"+s.ID, nil, &fresh)
	pictures := make([]loam.Picture, 0, 200)
	for range 200 {
		pictures = append(pictures, loam.Picture{Asset: "x", Alt: ""})
	}
	if a := ann.do("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": fresh.Revision, "pictures": pictures}); a.status < 400 || a.status >= 500 {
		t.Errorf("200 pictures in a draft: got %d", a.status)
	}
}
