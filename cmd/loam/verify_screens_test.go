package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"loam"
	"loam/internal/media"
)

// TestScreensVerify takes pictures of what the page of checks says of files that others labelled,
// and of those it does not take.
func TestScreensVerify(t *testing.T) {
	dir := screensFolder(t)
	h := newHouse(t, withProducer)
	files := foreignFiles(t)
	only := os.Getenv("LOAM_TEST_SCREENS_ONLY")
	for _, width := range []int{360, 1440} {
		p := openPage(t, h.url, width, 1800)
		p.open("/verify")
		for name, file := range files {
			if !strings.Contains(name, only) {
				continue
			}
			for i := range 4 {
				theme, lang := []string{"light", "dark"}[i/2], []string{"zh", "en"}[i%2]
				address := h.visitor().address
				if name == "verify-often" { // this one has checked as much as anybody may
					for h.visited(address) != http.StatusTooManyRequests {
					}
				}
				if _, err := chromedp.Call(p.ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"X-Forwarded-For": address}}); err != nil {
					t.Fatal(err)
				}
				p.theme(theme)
				eval[bool](p, fmt.Sprintf(`document.cookie = "lang=%s; path=/", true`, lang))
				p.open("/verify")
				p.run(chromedp.SetUploadFiles("#file", []string{file}))
				eval[bool](p, `document.querySelector("form[action='/verify']").submit(), true`)
				p.wait(name, `document.querySelector(".verdict")`)
				pause(p.ctx, 150*time.Millisecond)
				p.shotWhole(filepath.Join(dir, fmt.Sprintf("%s-%d-%s-%s.png", name, width, theme, lang)))
			}
		}
	}
}

// visited is the status of a check from an address.
func (h *house) visited(address string) int {
	h.t.Helper()
	c := h.visitor()
	c.address = address
	return c.do("POST", "/api/inspect", strings.NewReader("湖边\n"), "Content-Type", "text/plain").status
}

// foreignFiles are by the name of their picture: labelled elsewhere, twice, in a sound and a
// film, without a byte, longer than is taken.
func foreignFiles(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	file := func(name string, b []byte) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	mark := loam.Mark{Label: "1", ContentProducer: "001191000000000000000K10000", ProduceID: "p1", ContentPropagator: "another-platform", PropagateID: "q1"}
	written := func(b []byte) []byte {
		t.Helper()
		out, err := media.Write(b, mark)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	one, other := `{"Label":"1","ContentProducer":"one-platform","ProduceID":"1"}`, `{"Label":"2","ContentProducer":"another-platform","ProduceID":"2"}`
	long := file("long.mp4", nil)
	if err := os.Truncate(long, 513<<20); err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"verify-foreign":  file("别的平台标过的图.jpg", written(noisyJPEG(t, 64, 64))),
		"verify-sound":    file("雨夜小调.wav", written(melody(1))),
		"verify-film":     file("湖边.mp4", []byte("\x00\x00\x00\x10ftypisom\x00\x00\x02\x00\x00\x00\x00\x08moov")),
		"verify-two":      file("two.html", []byte(`<!doctype html><meta name="AIGC" content='`+one+`'><meta name="AIGC" content='`+other+`'><p>湖边`)),
		"verify-empty":    file("empty.jpg", nil),
		"verify-often":    file("note.md", []byte("湖边\n")),
		"verify-too-long": long,
	}
}
