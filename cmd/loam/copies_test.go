package main

import (
	"archive/zip"
	"bytes"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"loam"
	"loam/internal/media"
	"loam/internal/web"
)

// TestEveryCopyKeepsItsMark walks every route that answers: whatever bytes of a marked note
// come out of any of them, as they were, cut, printed, shrunk, drawn or packed, carry its
// mark (Labelling Measures Art. 10).
func TestEveryCopyKeepsItsMark(t *testing.T) {
	t.Parallel()
	needSoundPrograms(t)
	h := newHouse(t, withModel(newEngine(t, wellBehaved)))
	ann := h.person("ann", loam.Creator, loam.Reviewer, loam.Operator)
	s := ann.begin("周末去湖边的咖啡馆，人均35，靠窗")
	made := madeByAModel(t, ann, s.ID)
	g := ann.generated(s.ID)
	song := sungByAModel(t, ann, s.ID)
	pages := []loam.Page{
		{Kind: loam.PagePhoto, Asset: made.ID},
		{Kind: loam.PagePhoto, Photos: []loam.Photo{{Asset: made.ID, Crop: &loam.Crop{X: 100, Y: 100, W: 600, H: 600}}}, Print: loam.PrintLine},
		{Kind: loam.PageCover, Title: "湖边", Photos: []loam.Photo{{Asset: made.ID}, {Asset: made.ID}}, Layout: loam.LayoutCompare, Lines: []string{"之前", "之后"}},
	}
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "title": g.Draft.Titles[0], "body": g.Draft.Body, "pages": pages, "sound": loam.Sound{Asset: song.ID, Name: "小调"}}, &s)
	v := ann.until(ann.submit(s, nil).ID, "settled", settled)
	ann.must("POST", "/api/versions/"+v.ID+"/confirm", map[string]string{"release_hash": v.ReleaseHash}, nil)
	ann.until(v.ID, "released", released)
	var w loam.Waiver
	ann.must("POST", "/api/versions/"+v.ID+"/waivers", map[string]string{"recipient": "x", "purpose": "y", "agreement": loam.WaiverAgreement}, &w)

	seen := map[string]int{}
	walk := func(pattern, method, path string, body any) {
		a := ann.do(method, path, body)
		if a.status != 200 {
			return
		}
		for name, data := range partsOf(t, a) {
			seen[pattern]++
			found, err := media.Read(data)
			if err != nil || media.State(found) != loam.IsAI {
				t.Errorf("%s gives %s without its mark: %+v, %v", pattern, path+" "+name, found, err)
			}
		}
	}
	for _, route := range web.Table() {
		method, path, _ := strings.Cut(route.Pattern, " ")
		if method != "GET" || strings.HasPrefix(path, "/static") || path == "/api/events" {
			continue
		}
		for _, to := range filled(path, s.ID, v, []string{made.ID, song.ID}, w) {
			walk(route.Pattern, method, to, nil)
		}
	}
	for i, p := range pages[1:] {
		walk("POST /api/works/{id}/preview", "POST", "/api/works/"+s.ID+"/preview", map[string]any{"style": s.Draft.Style, "page": p, "index": i + 1, "total": 3})
	}
	if n := seen["GET /api/assets/{id}"]; n != 2 {
		t.Errorf("%d of her two uploads were looked at", n)
	}
	for _, pattern := range []string{
		"GET /p/{work}/{n}", "GET /p/{work}/{n}/small", "GET /p/{work}/text", "GET /p/{work}/sound", "GET /api/versions/{id}/sound", "GET /api/assets/{id}", "GET /api/assets/{id}/prints/{print}",
		"GET /api/works/{id}/pages/{n}", "GET /api/versions/{id}/pictures/{n}", "GET /api/versions/{id}/pack", "GET /api/waivers/{id}/{field}", "POST /api/works/{id}/preview",
	} {
		if seen[pattern] == 0 {
			t.Errorf("%s gave nothing to look at", pattern)
		}
	}
}

// filled are the addresses of a route for what there is.
func filled(path, work string, v web.VersionView, assets []string, w loam.Waiver) []string {
	if len(assets) > 1 && strings.Contains(path, "/assets/{id}") {
		return append(filled(path, work, v, assets[:1], w), filled(path, work, v, assets[1:], w)...)
	}
	id := work
	switch {
	case strings.Contains(path, "/versions/"):
		id = v.ID
	case strings.Contains(path, "/assets/"):
		id = assets[0]
	case strings.Contains(path, "/waivers/"):
		id = w.ID
	}
	path = strings.NewReplacer("{id}", id, "{work}", work, "{$}", "", "{handle}", "ann", "{topic}", "x").Replace(path)
	out := []string{path}
	for hole, values := range map[string][]string{"{n}": {"0", "1", "2", "3"}, "{field}": {"text", "picture.2", "picture.3", "sound"}, "{print}": {string(loam.PrintLine)}} {
		if i := slices.IndexFunc(out, func(p string) bool { return strings.Contains(p, hole) }); i >= 0 {
			out = nil
			for _, value := range values {
				out = append(out, strings.ReplaceAll(path, hole, value))
			}
		}
	}
	return out
}

// partsOf are the pictures, sounds and texts of an answer that can be taken away: itself, or the
// files of an archive.
func partsOf(t *testing.T, a answer) map[string][]byte {
	t.Helper()
	kind := a.header.Get("Content-Type")
	switch {
	case strings.HasPrefix(kind, "image/"), strings.HasPrefix(kind, "audio/"), strings.HasPrefix(kind, "text/markdown"):
		return map[string][]byte{"": a.body}
	case kind == "application/zip":
		out := unzipped(t, a.body)
		maps.DeleteFunc(out, func(name string, b []byte) bool {
			return name != "note.md" && !strings.HasPrefix(name, "sound.") && !strings.HasPrefix(http.DetectContentType(b), "image/")
		})
		return out
	}
	return nil
}

// unzipped are the files of an archive by name.
func unzipped(t *testing.T, raw []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if out[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return out
}
