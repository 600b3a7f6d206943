package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"loam"
	"loam/internal/media"
)

// TestLabelledFilesOpen: Chromium shows every picture that carries a label and a source type,
// and reads the label of a page out of its head.
func TestLabelledFilesOpen(t *testing.T) {
	t.Parallel()
	mark := loam.Mark{
		Label: "1", ContentProducer: "001191000000000000000K10000", ProduceID: "p-1", ReservedCode1: `<&'">`,
		ContentPropagator: "001191000000000000000K20000", PropagateID: "m-1",
	}
	img := image.NewPaletted(image.Rect(0, 0, 40, 30), color.Palette{color.Black, color.White})
	moving := gif.GIF{Image: []*image.Paletted{img, img}, Delay: []int{5, 5}}
	files := map[media.Type][]byte{}
	for typ, encode := range map[media.Type]func(*bytes.Buffer) error{
		media.PNG:  func(b *bytes.Buffer) error { return png.Encode(b, img) },
		media.JPEG: func(b *bytes.Buffer) error { return jpeg.Encode(b, img, nil) },
		media.GIF:  func(b *bytes.Buffer) error { return gif.EncodeAll(b, &moving) },
	} {
		var b bytes.Buffer
		if err := encode(&b); err != nil {
			t.Fatal(err)
		}
		files[typ] = labelledBytes(t, b.Bytes(), mark, media.WithSource("trainedAlgorithmicMedia"))
	}
	p := openPage(t, "", 400, 300)
	for typ, b := range files {
		url := "data:" + string(typ) + ";base64," + base64.StdEncoding.EncodeToString(b)
		size := eval[[]int](p, `(async () => { const i = new Image(); i.src = `+quote(url)+`; await i.decode(); return [i.naturalWidth, i.naturalHeight]; })()`)
		if len(size) != 2 || size[0] != 40 || size[1] != 30 {
			t.Errorf("%s: Chromium shows %v, want 40×30", typ, size)
		}
	}
	page := labelledBytes(t, []byte("<!doctype html><meta charset=utf-8><title>一</title><p>b"), mark)
	got := eval[struct{ Content, Parent, Title string }](p, `(() => {
		const d = new DOMParser().parseFromString(`+quote(string(page))+`, 'text/html'), m = d.querySelector('meta[name=AIGC]');
		return { Content: m.content, Parent: m.parentElement.tagName, Title: d.title };
	})()`)
	var read loam.Mark
	if err := json.Unmarshal([]byte(got.Content), &read); err != nil || read != mark || got.Parent != "HEAD" || got.Title != "一" {
		t.Errorf("Chromium reads %+v, %v", got, err)
	}
}

func labelledBytes(t *testing.T, b []byte, mark loam.Mark, opts ...media.Option) []byte {
	t.Helper()
	e, err := media.Plan(bytes.NewReader(b), mark, opts...)
	if err != nil {
		t.Fatal(err)
	}
	out, err := e.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return out
}
