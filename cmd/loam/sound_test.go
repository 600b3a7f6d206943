package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"loam"
	"loam/internal/media"
	"loam/internal/media/mediatest"
	"loam/internal/parts"
	"loam/internal/web"
)

// needSoundPrograms skips the test where ffmpeg or fpcalc is missing; the gate needs both.
func needSoundPrograms(t *testing.T) {
	t.Helper()
	for _, err := range []error{parts.CanFingerprint(), parts.Films{}.Ready()} {
		if err != nil && os.Getenv("LOAM_TEST_POSTGRES") != "" {
			t.Fatalf("the gate needs fpcalc and ffmpeg: %v", err)
		}
		if err != nil {
			t.Skipf("%v", err)
		}
	}
}

// sings uploads a sound to a work.
func (c *client) sings(work string, data []byte) loam.Asset {
	c.h.t.Helper()
	body, kind := formOf(c.h.t, "sound", "x.mp3", data)
	var a loam.Asset
	c.must("POST", "/api/works/"+work+"/sounds", body, &a, "Content-Type", kind)
	return a
}

// withSound begins a note with a sound in it.
func (c *client) withSound(idea, name string, data []byte) web.Sheet {
	c.h.t.Helper()
	s := c.begin(idea)
	c.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "sound": loam.Sound{Asset: c.sings(s.ID, data).ID, Name: name}}, &s)
	return s
}

// soundLabel is the label of a version's sound.
func soundLabel(t *testing.T, v web.VersionView) loam.Label {
	t.Helper()
	i := slices.IndexFunc(v.Labels, func(l loam.Label) bool { return l.Field == loam.SoundField })
	if i < 0 {
		t.Fatalf("no label of the sound: %+v", v.Labels)
	}
	return v.Labels[i]
}

// TestSound: a sound goes the way of everything else: taken in without its tags, frozen, confirmed,
// played in parts beside its name and length, packed, exported; nobody else has it before, and
// nobody after it was withdrawn.
func TestSound(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann, eve := h.person("ann"), h.person("eve")
	s := ann.withSound("雨停了，录了一段自己写的小调，一遍过", "雨夜小调", melody(1))
	if s.Draft.Sound == nil || s.Draft.Sound.Millis != 20_000 || s.Draft.Sound.Name != "雨夜小调" {
		t.Fatalf("the draft has %+v", s.Draft.Sound)
	}
	asset := "/api/assets/" + s.Draft.Sound.Asset
	if a := ann.must("GET", asset, nil, nil); a.header.Get("Content-Type") != "audio/wav" || !bytes.Equal(a.body, melody(1)) {
		t.Errorf("her upload is %s, %d bytes", a.header.Get("Content-Type"), len(a.body))
	}
	eve.refused(404, "asset.not_found", "GET", asset, nil)
	mine := eve.begin("我的草稿")
	eve.refused(404, "asset.not_found", "PUT", "/api/works/"+mine.ID+"/draft", map[string]any{"revision": mine.Revision, "sound": s.Draft.Sound})
	v := ann.until(ann.submit(s, nil).ID, "settled", settled)
	if v.Sound == nil || v.Sound.Millis != 20_000 || v.Sound.Notice != "" || v.Content.Sound.AI != loam.NotAI || soundLabel(t, v).Result != v.Content.Sound.Hash {
		t.Errorf("the version has %+v, %+v", v.Sound, v.Content.Sound)
	}
	reader := h.visitor()
	page := "/p/" + s.ID + "/sound"
	eve.refused(404, "version.not_found", "GET", v.Sound.URL, nil)
	reader.refused(404, "note.not_found", "GET", page, nil)
	v = ann.confirm(v)

	a := reader.must("GET", page, nil, nil)
	for name, want := range map[string]string{"Content-Type": "audio/wav", "X-Content-Type-Options": "nosniff", "Accept-Ranges": "bytes", "Cache-Control": "private, no-cache", "Content-Security-Policy": "sandbox; default-src 'none'"} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if !bytes.Equal(a.body, melody(1)) {
		t.Error("readers hear another sound")
	}
	if part := reader.do("GET", page, nil, "Range", "bytes=100-199"); part.status != http.StatusPartialContent || !bytes.Equal(part.body, a.body[100:200]) {
		t.Errorf("a part of it: %d, %d bytes", part.status, len(part.body))
	}
	if again := reader.do("GET", page, nil, "If-None-Match", a.header.Get("ETag")); again.status != http.StatusNotModified {
		t.Errorf("asked for again: %d", again.status)
	}
	if past := reader.do("GET", page, nil, "Range", "bytes=99999999-"); past.status != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("beyond its end: %d", past.status)
	}
	html := reader.must("GET", "/p/"+s.ID, nil, nil)
	html.has(t, `<audio controls preload="none" src="`+page+`"`, "雨夜小调", "0:20")
	if csp := html.header.Get("Content-Security-Policy"); !strings.Contains(csp, "media-src 'self'") {
		t.Errorf("the page may not play it: %s", csp)
	}
	reader.must("GET", "/", nil, nil).has(t, `class="sounds"`, "0:20")
	var feed web.Feed
	reader.must("GET", "/api/feed", nil, &feed)
	if len(feed.Notes) != 1 || feed.Notes[0].Sound != 20_000 {
		t.Errorf("the feed has %+v", feed.Notes)
	}
	if files := unzipped(t, ann.must("GET", "/api/versions/"+v.ID+"/pack", nil, nil).body); !bytes.Equal(files["sound.wav"], melody(1)) || !bytes.Contains(files["note.json"], []byte(`"sound.wav"`)) {
		t.Errorf("the pack has %v", slices.Collect(maps.Keys(files)))
	}
	if _, ok := unzipped(t, ann.must("GET", "/api/rights/export", nil, nil).body)["blobs/"+v.Content.Sound.Hash]; !ok {
		t.Error("the export forgets it")
	}
	var log struct{ Sound *loam.Asset }
	raw := string(ann.must("GET", "/api/works/"+s.ID+"/log", nil, nil).body)
	if err := json.Unmarshal([]byte(raw[:strings.IndexByte(raw, '\n')]), &log); err != nil || log.Sound == nil || log.Sound.Hash != v.Content.Sound.Hash {
		t.Errorf("the creation log has %+v, %v", log.Sound, err)
	}
	ann.must("POST", "/api/versions/"+v.ID+"/withdraw", nil, nil)
	reader.refused(410, "note.gone", "GET", page, nil)
	var off web.Sheet
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "sound": loam.Sound{}}, &off)
	if off.Draft.Sound != nil {
		t.Errorf("taken off, the draft has %+v", off.Draft.Sound)
	}
}

// TestSoundRefused: what is no sound says why and leaves nothing; a picture is no sound, and a sound
// no picture.
func TestSoundRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann, eve := h.person("ann"), h.person("eve")
	s := ann.begin("今天的湖，风很大，听得见水声")
	send := func(who *client, status int, code, field, route string, data []byte) {
		t.Helper()
		body, kind := formOf(t, field, "夏夜.mp3", data)
		who.refused(status, code, "POST", "/api/works/"+s.ID+"/"+route, body, "Content-Type", kind)
	}
	photo := noisyJPEG(t, 320, 240)
	send(ann, 422, "sound.type", "sound", "sounds", photo)
	send(ann, 422, "sound.type", "sound", "sounds", nil)
	send(ann, 422, "sound.type", "sound", "sounds", []byte("<html><script>alert(1)</script>"))
	send(ann, 422, "sound.broken", "sound", "sounds", melody(1)[:2000])
	send(ann, 413, "sound.too_large", "sound", "sounds", append(melody(1), make([]byte, media.SoundBytes)...))
	send(ann, 413, "sound.too_large", "sound", "sounds", append(melody(1), make([]byte, 50<<20)...))
	send(ann, 422, "sound.form", "picture", "sounds", melody(1))
	send(ann, 422, "picture.type", "picture", "pictures", melody(1))
	send(eve, 404, "work.not_found", "sound", "sounds", melody(1))
	picture, song := ann.upload(s.ID, photo), ann.sings(s.ID, melody(1))
	draft := func(code string, change map[string]any) {
		t.Helper()
		change["revision"] = s.Revision
		ann.refused(422, code, "PUT", "/api/works/"+s.ID+"/draft", change)
	}
	draft("sound.type", map[string]any{"sound": loam.Sound{Asset: picture.ID}})
	draft("sound.name", map[string]any{"sound": loam.Sound{Asset: song.ID, Name: strings.Repeat("长", 61)}})
	draft("sound.name", map[string]any{"sound": loam.Sound{Asset: song.ID, Name: "两\n行"}})
	draft("picture.type", map[string]any{"pages": []loam.Page{{Kind: loam.PagePhoto, Asset: song.ID}}})
	draft("picture.type", map[string]any{"pictures": []loam.Picture{{Asset: song.ID}}})
	ann.refused(404, "sound.not_found", "GET", "/api/versions/"+ann.publish("在阳台种了两盆薄荷，浇水三天一次", nil).ID+"/sound", nil)
}

// TestSoundLabels: what the creator declares stands in the released file of every kind, beside the
// very same sound; what says plainly that it is AI is heard to be, and leaves without that on
// application only.
func TestSoundLabels(t *testing.T) {
	t.Parallel()
	needSoundPrograms(t)
	h := newHouse(t, withProducer)
	ann := h.person("ann")
	for name, args := range map[string][]string{
		"a.mp3": {"-c:a", "libmp3lame", "-b:a", "96k"}, "a.m4a": {"-c:a", "aac"}, "a.wav": nil, "a.flac": nil, "a.ogg": {"-c:a", "libvorbis"}, "a.opus": {"-c:a", "libopus"},
	} {
		data := mediatest.Remade(t, melody(2), name, args...)
		s := ann.withSound("录了一段小调，"+name+" 格式，随便听听", "小调", data)
		v := ann.until(ann.submit(s, func(c *loam.Choice) { c.AI = true }).ID, "settled", settled)
		l := soundLabel(t, v)
		out := ann.must("GET", v.Sound.URL, nil, nil).body
		if found, err := media.Read(out); err != nil || l.State != loam.MayAI || l.Visible != "" || media.State(found) != loam.MayAI || v.Sound.Notice == "" {
			t.Errorf("%s, declared: %+v, %+v, %v", name, l, found, err)
		}
		if a, b := soundOf(t, data), soundOf(t, out); a != b {
			t.Errorf("%s, declared: readers hear another sound", name)
		}
		marked, err := media.Write(data, loam.Mark{Label: "1", ContentProducer: "loam-test-other", ProduceID: "p1", ContentPropagator: "loam-test-other", PropagateID: "q1"})
		if err != nil {
			t.Fatal(err)
		}
		s = ann.withSound("模型写的一段小调，"+name+" 格式", "模型小调", marked)
		v = ann.until(ann.submit(s, nil).ID, "settled", settled)
		l = soundLabel(t, v)
		out = ann.must("GET", v.Sound.URL, nil, nil).body
		found, err := media.Read(out)
		if err != nil || l.State != loam.IsAI || l.Visible == "" || l.Mark.ContentProducer != "loam-test-other" || l.Mark.ProduceID != "p1" || media.State(found) != loam.IsAI {
			t.Errorf("%s, made by a model: %+v, %+v, %v", name, l, found, err)
		}
		if grown := seconds(t, out, name) - seconds(t, data, name); math.Abs(grown-1.44) > 0.13 {
			t.Errorf("%s, made by a model: it is %.2f s longer, want the 1.44 s of its cue", name, grown)
		}
		if i := slices.IndexFunc(v.Marked, func(m web.LabelView) bool { return m.Field == loam.SoundField }); i < 0 || !v.Marked[i].Waivable || len(v.Marked[i].Signs) != 1 || v.Marked[i].Signs[0].Says != "loam-test-other" {
			t.Errorf("%s: she is told %+v", name, v.Marked)
		}
		var w loam.Waiver
		ann.must("POST", "/api/versions/"+v.ID+"/waivers", map[string]string{"recipient": "x", "purpose": "y", "agreement": loam.WaiverAgreement}, &w)
		bare := ann.must("GET", "/api/waivers/"+w.ID+"/sound", nil, nil)
		if found, err := media.Read(bare.body); err != nil || media.State(found) != loam.IsAI || bare.header.Get("Content-Type") != v.Sound.Type || soundOf(t, bare.body) != soundOf(t, data) {
			t.Errorf("%s, on application: %s, %+v, %v", name, bare.header.Get("Content-Type"), found, err)
		}
		ann.confirm(v)
		h.visitor().must("GET", "/p/"+s.ID, nil, nil).has(t, `<p class="notice" role="note">内容由AI生成</p>`)
	}
}

// soundOf is the checksum of what ffmpeg decodes of a sound.
func soundOf(t *testing.T, data []byte) string {
	t.Helper()
	return string(mediatest.Remade(t, data, "sum.md5", "-map", "0:a", "-f", "md5"))
}

// seconds is how long ffprobe says a sound is.
func seconds(t *testing.T, data []byte, name string) float64 {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestSoundAppealed: a state that a file's own label gave is lowered by a reviewer alone, for exactly
// these bytes.
func TestSoundAppealed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann, rita := h.person("ann"), h.person("rita", loam.Reviewer)
	marked, err := media.Write(melody(3), loam.Mark{Label: "3", ContentProducer: "loam-test-other", ProduceID: "p1", ContentPropagator: "loam-test-other", PropagateID: "q1"})
	if err != nil {
		t.Fatal(err)
	}
	s := ann.withSound("自己弹的一段，被别处标成了疑似", "弹唱", marked)
	v := ann.until(ann.submit(s, nil).ID, "settled", settled)
	if l := soundLabel(t, v); l.State != loam.SuspectedAI {
		t.Fatalf("it is %s", l.State)
	}
	ann.must("POST", "/api/versions/"+v.ID+"/label-appeals", map[string]any{"field": "sound", "text": "自己弹的，有录屏"}, nil)
	c := rita.take(0)
	if c.Sound == nil || c.Label == nil || c.Label.Field != loam.SoundField {
		t.Fatalf("the reviewer has %+v, %+v", c.Sound, c.Label)
	}
	if a := rita.must("GET", c.Sound.URL, nil, nil); a.header.Get("Content-Type") != "audio/wav" {
		t.Errorf("she hears %s", a.header.Get("Content-Type"))
	}
	ann.refused(403, "role.needed", "GET", c.Sound.URL, nil)
	rita.must("POST", "/api/review/cases/"+c.ID+"/decision", ruling(c, loam.RuleAllow, "ok"), nil)
	for end := time.Now().Add(20 * time.Second); ; pause(t.Context(), 200*time.Millisecond) {
		list, err := h.db.LabelAppeals(t.Context(), v.ID)
		if err == nil && len(list) == 1 && list[0].Outcome == "overturned" {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the ruling does not take effect: %+v, %v", list, err)
		}
	}
	v = ann.until(ann.submit(s, nil).ID, "settled", settled)
	if v.Content.Sound.AI != loam.NotAI {
		t.Errorf("granted, it is %s", v.Content.Sound.AI)
	}
}

// sungByAModel uploads a sound whose file says that a model made it.
func sungByAModel(t *testing.T, c *client, work string) loam.Asset {
	t.Helper()
	marked, err := media.Write(mediatest.Remade(t, melody(2), "a.mp3", "-c:a", "libmp3lame"), loam.Mark{
		Label: "1", ContentProducer: "loam-test-other", ProduceID: "p1", ContentPropagator: "loam-test-other", PropagateID: "q1",
	})
	if err != nil {
		t.Fatal(err)
	}
	a := c.sings(work, marked)
	if a.AI != loam.IsAI {
		t.Fatalf("the upload is %s", a.AI)
	}
	return a
}
