package main

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"net/http"
	"slices"
	"strings"
	"testing"

	"loam"
	"loam/internal/demo"
	"loam/internal/media"
	"loam/internal/web"
)

// sceneJPEG is a photo as a phone would send it: 12 megapixels.
func sceneJPEG(tb testing.TB, name string) []byte {
	tb.Helper()
	var s demo.Scene
	if err := s.UnmarshalText([]byte(name)); err != nil {
		tb.Fatal(err)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, media.Cut(s.Draw(), [4]int{0, 0, 1000, 1000}, 3000, 4000), &jpeg.Options{Quality: 85}); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// TestPhotoPages: a page with photos is drawn as it is typed, from one's own pictures only,
// frozen with what it shows, and labelled by the strongest of them.
func TestPhotoPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann, eve := h.person("ann"), h.person("eve")
	s := ann.begin("租的房子改了一面墙，花了三百块，刷了两遍漆")
	before, after := ann.upload(s.ID, noisyJPEG(t, 800, 600)), ann.upload(s.ID, noisyJPEG(t, 600, 900))
	made := madeByAModel(t, ann, s.ID)
	page := loam.Page{
		Kind: loam.PageCover, Title: "改了一面墙", Photos: []loam.Photo{{Asset: before.ID, Crop: &loam.Crop{X: 100, Y: 0, W: 500, H: 900}}, {Asset: after.ID}},
		Layout: loam.LayoutCompare, Lines: []string{"之前", "之后"}, Callouts: []loam.Callout{{X: 700, Y: 500, Text: "两遍漆"}},
	}
	preview := func(c *client, p loam.Page) answer {
		return c.do("POST", "/api/works/"+s.ID+"/preview", map[string]any{"style": s.Draft.Style, "page": p, "index": 0, "total": 3, "brand": loam.Brand{Accent: "#2f6fb0", Sign: "@小满"}})
	}
	a := preview(ann, page)
	if img, err := jpeg.Decode(bytes.NewReader(a.body)); a.status != 200 || err != nil || img.Bounds().Size() != image.Pt(1080, 1440) {
		t.Fatalf("preview: %d, %v, %.200s", a.status, err, a.body)
	}
	for _, p := range loam.Prints() {
		if got := ann.must("GET", "/api/assets/"+before.ID+"/prints/"+string(p), nil, nil); http.DetectContentType(got.body) != "image/jpeg" {
			t.Errorf("%s: %.80s", p, got.body)
		}
		eve.refused(404, "asset.not_found", "GET", "/api/assets/"+before.ID+"/prints/"+string(p), nil)
	}
	ann.refused(404, "page.print", "GET", "/api/assets/"+before.ID+"/prints/nonsense", nil)
	if a := preview(eve, page); a.status != 404 {
		t.Errorf("another's work is previewed: %d", a.status)
	}
	mine := eve.begin("我的草稿")
	eve.refused(404, "asset.not_found", "POST", "/api/works/"+mine.ID+"/preview", map[string]any{"style": "paper", "page": page})
	eve.refused(404, "asset.not_found", "PUT", "/api/works/"+mine.ID+"/draft", map[string]any{"revision": mine.Revision, "pages": []loam.Page{page}})
	h.visitor().refused(422, "page.not_found", "POST", "/api/covers", map[string]any{"style": "paper", "pages": []loam.Page{page}, "n": 0})
	for code, p := range map[string]loam.Page{
		"page.kind":    {Kind: "film"},
		"page.layout":  {Kind: loam.PageCover, Layout: "spiral"},
		"page.print":   {Kind: loam.PageCover, Print: "someone"},
		"page.photos":  {Kind: loam.PageCover, Photos: make([]loam.Photo, 5)},
		"page.crop":    {Kind: loam.PageCover, Photos: []loam.Photo{{Asset: before.ID, Crop: &loam.Crop{X: 900, Y: 0, W: 200, H: 10}}}},
		"page.callout": {Kind: loam.PageCover, Callouts: []loam.Callout{{X: -1}}},
	} {
		ann.refused(422, code, "POST", "/api/works/"+s.ID+"/preview", map[string]any{"style": "paper", "page": p})
	}
	if a := preview(ann, loam.Page{Kind: loam.PageText, Title: strings.Repeat("长", 300<<10)}); a.status != 413 && a.status != 422 && a.status != 400 {
		t.Errorf("a page of a megabyte: %d %.100s", a.status, a.body)
	}
	for _, body := range []string{"", "{", "[]", `{"page": 3}`, `{"page": {"kind": "text", "rows": "x"}}`, `{"index": 1e30}`} {
		if a := ann.do("POST", "/api/works/"+s.ID+"/preview", strings.NewReader(body), "Content-Type", "application/json"); a.status < 400 || a.status >= 500 {
			t.Errorf("%q: %d", body, a.status)
		}
	}
	ann.refused(422, "brand.accent", "PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "brand": loam.Brand{Accent: "#12345g"}})

	pages := []loam.Page{page, {Kind: loam.PageText, Lines: []string{"花了三百块"}}, {Kind: loam.PagePhoto, Photos: []loam.Photo{{Asset: made.ID}}, Print: loam.PrintLine}, {Kind: loam.PagePhoto, Asset: after.ID}}
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{
		"revision": s.Revision, "pages": pages, "brand": loam.Brand{Sign: "@小满"}, "pictures": []loam.Picture{{Asset: before.ID, Alt: "旧墙"}, {Asset: after.ID, Alt: "新墙"}, {Asset: made.ID, Alt: "画的墙"}},
	}, &s)
	v := ann.until(ann.submit(s, nil).ID, "settled", settled)
	if v.Content.Brand == nil || v.Content.Brand.Sign != "@小满" {
		t.Errorf("brand: %+v", v.Content.Brand)
	}
	cover := v.Content.Assets[0]
	if strings.Join(cover.Shows, " ") != before.Hash+" "+after.Hash || !strings.Contains(cover.Alt, "旧墙") || !strings.Contains(cover.Alt, "两遍漆") || cover.AI != loam.NotAI {
		t.Errorf("the cover: %+v", cover)
	}
	if got := v.Content.Assets[2]; got.AI != loam.IsAI || got.Hash == made.Hash || v.AI != loam.IsAI {
		t.Errorf("a page that shows a model's picture: %+v, the note %s", got, v.AI)
	}
	if got := v.Content.Assets[3]; got.Hash != after.Hash || got.Shows != nil {
		t.Errorf("a photo as it is: %+v", got)
	}
	ann.must("POST", "/api/versions/"+v.ID+"/confirm", map[string]string{"release_hash": v.ReleaseHash}, nil)
	ann.until(v.ID, "released", released)
	got := h.visitor().must("GET", "/p/"+s.ID+"/3", nil, nil)
	marks, err := media.Read(got.body)
	labels := slices.DeleteFunc(slices.Clone(marks), func(f media.Found) bool { return f.Kind != media.KindImplicit })
	if err != nil || len(labels) != 1 || labels[0].State != loam.IsAI {
		t.Errorf("the drawn page's label: %+v, %v", marks, err)
	}
}

// madeByAModel uploads a picture whose file says that a model made it.
func madeByAModel(t *testing.T, c *client, work string) loam.Asset {
	t.Helper()
	marked, err := media.Write(noisyJPEG(t, 640, 480), loam.Mark{
		Label: "1", ContentProducer: "loam-test-other", ProduceID: "p1", ContentPropagator: "loam-test-other", PropagateID: "q1",
	})
	if err != nil {
		t.Fatal(err)
	}
	a := c.upload(work, marked)
	if a.AI != loam.IsAI {
		t.Fatalf("the upload is %s", a.AI)
	}
	return a
}

// TestRedrawOnePage: another layout of one page, the others as they are.
func TestRedrawOnePage(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("ann")
	s := ann.begin("周末去杭州西湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难")
	was := s
	was.Draft.Pages = slices.Clone(s.Draft.Pages)
	ann.must("POST", "/api/works/"+s.ID+"/pages/1/redraw", map[string]any{"revision": s.Revision}, &s)
	if s.Draft.Pages[1].Kind == was.Draft.Pages[1].Kind || s.Draft.Pages[0].Title != was.Draft.Pages[0].Title || s.Revision == was.Revision {
		t.Errorf("pages: %+v, were %+v", s.Draft.Pages, was.Draft.Pages)
	}
	ann.must("POST", "/api/works/"+s.ID+"/pages/0/redraw", map[string]any{"revision": s.Revision}, &s)
	if s.Draft.Pages[0].Title == was.Draft.Pages[0].Title && s.Draft.Pages[0].Sub == was.Draft.Pages[0].Sub {
		t.Errorf("the cover is the same: %+v", s.Draft.Pages[0])
	}
	ann.must("POST", "/api/works/"+s.ID+"/pages/1/redraw", map[string]any{"revision": s.Revision, "from_body": true}, &s)
	ann.refused(404, "page.not_found", "POST", "/api/works/"+s.ID+"/pages/90/redraw", map[string]any{"revision": s.Revision})
	ann.refused(409, "draft.changed", "POST", "/api/works/"+s.ID+"/pages/1/redraw", map[string]any{"revision": was.Revision})
}

// TestShelfIsBounded: photos in use stay, old ones go, and nothing outgrows the bound.
func TestShelfIsBounded(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	hash, err := h.blobs.Put(noisyJPEG(t, 1200, 1600))
	if err != nil {
		t.Fatal(err)
	}
	s := newShelf(h.blobs, newGate())
	for i := range 30 {
		crop := &loam.Crop{X: i, Y: 0, W: 900, H: 1000}
		img, _, err := s.cut(t.Context(), hash, crop, "", image.Pt(1080, 1440))
		if err != nil || img.Rect.Size() != image.Pt(1080, 1440) {
			t.Fatal(err)
		}
		if s.bytes > shelfBytes {
			t.Fatalf("%d bytes on the shelf", s.bytes)
		}
		again, _, err := s.cut(t.Context(), hash, crop, "", image.Pt(1080, 1440))
		if err != nil || again != img {
			t.Errorf("cut %d was made twice", i)
		}
	}
	if len(s.byKey) != s.order.Len() || s.order.Len() > 12 {
		t.Errorf("%d photos kept, %d in order", len(s.byKey), s.order.Len())
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := s.cut(ended, hash, nil, loam.PrintOil, image.Pt(90, 120)); err == nil {
		t.Error("work is begun for somebody who has gone")
	}
}

// BenchmarkRedraw is a page redrawn for a letter that was typed: through the HTTP API, on a
// photo of 12 megapixels that was decoded for the letter before.
func BenchmarkRedraw(b *testing.B) {
	h := newHouse(b, nil)
	ann := h.person("ann")
	s := ann.begin("湖边骑车，一圈10公里，两个小时")
	photo := ann.upload(s.ID, sceneJPEG(b, "lake/1/tall"))
	for name, p := range map[string]loam.Page{
		"words": {Kind: loam.PageFacts, Title: "湖边", Rows: [][]string{{"一圈", "10公里"}, {"用时", "两个小时"}}},
		"photo": {Kind: loam.PageCover, Photos: []loam.Photo{{Asset: photo.ID}}},
		"print": {Kind: loam.PageCover, Photos: []loam.Photo{{Asset: photo.ID}}, Print: loam.PrintOil},
	} {
		b.Run(name, func(b *testing.B) {
			title := []rune("湖边骑车一圈十公里")
			n := 0
			for b.Loop() {
				n++
				p.Title = string(title[:n%len(title)+1])
				a := ann.do("POST", "/api/works/"+s.ID+"/preview", map[string]any{"style": "paper", "page": p, "index": 0, "total": 3})
				if a.status != 200 {
					b.Fatalf("%d %.200s", a.status, a.body)
				}
			}
		})
	}
}

var _ web.Draw = drawer{}
