package main

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loam"
	"loam/internal/label"
	"loam/internal/media"
	"loam/internal/web"
)

// traced is a PNG whose generator left its settings in it.
func traced(t *testing.T) []byte {
	t.Helper()
	img, _, err := media.Decode(noisyJPEG(t, 640, 480))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	body := "tEXtparameters\x00a lake\nSteps: 20, Sampler: Euler a, Seed: 1"
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	chunk = append(chunk, body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE([]byte(body)))
	b := out.Bytes()
	return append(append(append([]byte{}, b[:33]...), chunk...), b[33:]...)
}

// shows is a draft of one photo page, submitted.
func (c *client) shows(s *web.Sheet, asset loam.Asset, declared bool) web.VersionView {
	c.h.t.Helper()
	c.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "pages": []loam.Page{{Kind: loam.PagePhoto, Asset: asset.ID}}}, s)
	return c.until(c.submit(*s, func(x *loam.Choice) { x.AI = declared }).ID, "settled", settled)
}

// TestPrecedence: metadata, then the creator's declaration, then detection (Labelling
// Measures Art. 6); what automation found is only ever raised.
func TestPrecedence(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann")
	marked := func(wire string) []byte {
		b, err := media.Write(noisyJPEG(t, 640, 480), loam.Mark{Label: wire, ContentProducer: "another", ProduceID: "p1", ContentPropagator: "another", PropagateID: "q1"})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, tt := range []struct {
		name     string
		file     []byte
		declared bool
		want     loam.AIState
	}{
		{"P1 metadata against her word", marked("1"), false, loam.IsAI},
		{"P2 her word alone", noisyJPEG(t, 600, 480), true, loam.MayAI},
		{"P3 a trace alone", traced(t), false, loam.SuspectedAI},
		{"P3 a trace and her word", traced(t), true, loam.MayAI},
		{"P4 suspected before, her word now", marked("3"), true, loam.MayAI},
		{"P4 suspected before, nothing now", marked("3"), false, loam.SuspectedAI},
		{"P1 metadata and her word", marked("1"), true, loam.IsAI},
		{"nothing", noisyJPEG(t, 620, 480), false, loam.NotAI},
	} {
		s := ann.begin("入手了一个二手书架，99元，用了三个月，很稳")
		v := ann.shows(&s, ann.upload(s.ID, tt.file), tt.declared)
		if got := v.Content.Assets[0].AI; got != tt.want || v.AI != tt.want {
			t.Errorf("%s: the picture is %s, the note %s, want %s", tt.name, got, v.AI, tt.want)
		}
		if v.LabelText != web.Notice(tt.want) {
			t.Errorf("%s: the notice says %q", tt.name, v.LabelText)
		}
		data := ann.must("GET", "/api/versions/"+v.ID+"/pictures/1", nil, nil).body
		found, err := media.Read(data)
		if err != nil || media.State(found) != tt.want {
			t.Errorf("%s: the file says %+v, %v", tt.name, found, err)
		}
		for _, f := range found {
			if tt.file[0] == 0xff && strings.HasPrefix(tt.name, "P4") && (f.Mark.ContentProducer != "another" || f.Mark.ContentPropagator != "loam-test-producer") {
				t.Errorf("%s: whose label is it: %+v", tt.name, f.Mark)
			}
		}
	}
}

// TestPrecedenceLater follows P5, P6, P9 and P10 of the label facts: a detector that finds less
// lowers nothing; what was declared of a version stays when its draft is changed afterwards;
// an export of ours that comes back is its first producer's, under the same number; and of
// several pictures each has its own state, the note the strongest.
func TestPrecedenceLater(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann, ben := h.person("ann"), h.person("ben")
	mark := loam.Mark{Label: "1", ContentProducer: "another", ProduceID: "p1", ContentPropagator: "another", PropagateID: "q1"}
	both, err := media.Write(traced(t), mark)
	if err != nil {
		t.Fatal(err)
	}
	s := ann.begin("入手了一个二手书架，99元，用了三个月，很稳")
	v := ann.shows(&s, ann.upload(s.ID, both), false)
	if v.AI != loam.IsAI {
		t.Errorf("P5: metadata and a trace: %s", v.AI)
	}
	export := ann.must("GET", "/api/versions/"+v.ID+"/pictures/1", nil, nil).body

	s = ann.begin("入手了一个二手台灯，59元，用了两个月，很亮")
	declared := ann.shows(&s, ann.upload(s.ID, noisyJPEG(t, 610, 480)), true)
	ann.must("GET", "/api/works/"+s.ID, nil, &s)
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "title": "台灯"}, &s)
	if a := ann.do("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "declaration": loam.Declaration{}}); a.status != 422 {
		t.Errorf("P6: withdrawn by a script: %d", a.status)
	}
	after := ann.until(declared.ID, "settled", settled)
	found, err := media.Read(ann.must("GET", "/api/versions/"+declared.ID+"/pictures/1", nil, nil).body)
	if declared.AI != loam.MayAI || after.AI != loam.MayAI || err != nil || media.State(found) != loam.MayAI {
		t.Errorf("P6: declared %s, then %s, the file %+v, %v", declared.AI, after.AI, found, err)
	}

	s = ben.begin("入手了一个二手书桌，199元，用了半年，很稳")
	back, plain := ben.upload(s.ID, export), ben.upload(s.ID, noisyJPEG(t, 630, 480))
	ben.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{
		"revision": s.Revision, "pages": []loam.Page{{Kind: loam.PagePhoto, Asset: back.ID}, {Kind: loam.PagePhoto, Asset: plain.ID}},
	}, &s)
	v = ben.until(ben.submit(s, nil).ID, "settled", settled)
	if a := v.Content.Assets; len(a) != 2 || a[0].AI != loam.IsAI || a[1].AI != loam.NotAI || v.AI != loam.IsAI {
		t.Errorf("P10: the note is %s, its pictures %+v", v.AI, a)
	}
	found, err = media.Read(ben.must("GET", "/api/versions/"+v.ID+"/pictures/1", nil, nil).body)
	var labels []loam.Mark
	for _, f := range found {
		if f.Kind == media.KindImplicit {
			labels = append(labels, f.Mark)
		}
	}
	if err != nil || len(labels) != 1 || labels[0].ProduceID != mark.ProduceID || labels[0].ContentProducer != mark.ContentProducer || labels[0].Label != "1" {
		t.Errorf("P9: it came back as %+v, %v", labels, err)
	}
}

// TestLabelAppeal: a picture that was taken for AI is challenged with evidence; a reviewer
// sees why and what was handed in; granted, the same picture goes out without the label
// once its creator confirms it again, and not before.
func TestLabelAppeal(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann, rita, eve := h.person("ann"), h.person("rita", loam.Reviewer), h.person("eve")
	s := ann.begin("入手了一个二手书架，99元，用了三个月，很稳")
	asset := ann.upload(s.ID, traced(t))
	v := ann.shows(&s, asset, false)
	if len(v.Marked) != 1 || v.Marked[0].Field != "picture.1" || v.Marked[0].State != loam.SuspectedAI || len(v.Marked[0].Signs) != 1 || v.Marked[0].Signs[0].Says != "Stable Diffusion" {
		t.Fatalf("she is not told why: %+v", v.Marked)
	}
	hand := func(c *client, name string, data []byte) loam.Exhibit {
		t.Helper()
		body, kind := fileForm(t, name, data)
		var e loam.Exhibit
		c.must("POST", "/api/versions/"+v.ID+"/exhibits", body, &e, "Content-Type", kind)
		return e
	}
	photo := hand(ann, "../../原\u202e图\u0085\u200b.jpg", noisyJPEG(t, 640, 480))
	if !photo.Shown || photo.Name != "原图.jpg" || photo.Facts["width"] != "640" {
		t.Errorf("got %+v", photo)
	}
	raw := hand(ann, "layers.psd", []byte("8BPS\x00\x01\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x01\x00\x00\x00\x01\x00\x00\x08\x00\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x09\x00\x00\x00\x05\x00\x07"))
	if raw.Shown || raw.Facts["layers"] != "7" {
		t.Errorf("got %+v", raw)
	}
	body, kind := fileForm(t, "x.jpg", noisyJPEG(t, 64, 48))
	eve.refused(404, "version.not_found", "POST", "/api/versions/"+v.ID+"/exhibits", body, "Content-Type", kind)
	wrong := hand(ann, "wrong.jpg", noisyJPEG(t, 32, 32))
	eve.refused(404, "exhibit.not_found", "DELETE", "/api/versions/"+v.ID+"/exhibits/"+wrong.ID, nil)
	ann.must("DELETE", "/api/versions/"+v.ID+"/exhibits/"+wrong.ID, nil, nil)
	path := "/api/versions/" + v.ID + "/label-appeals"
	eve.refused(404, "version.not_found", "POST", path, map[string]any{"field": "picture.1", "text": "我"})
	ann.refused(422, "appeal.length", "POST", path, map[string]any{"field": "picture.1", "text": "  "})
	ann.refused(409, "label.appeal_nothing", "POST", path, map[string]any{"field": "text", "text": "我"})
	ann.must("POST", path, map[string]any{"field": "picture.1", "text": "这是我拍的，原图在证据里", "exhibits": []string{photo.ID, raw.ID}}, nil)
	ann.refused(409, "label.appeal_twice", "POST", path, map[string]any{"field": "picture.1", "text": "再看一次"})
	ann.refused(409, "exhibit.sent", "DELETE", "/api/versions/"+v.ID+"/exhibits/"+photo.ID, nil)

	c := rita.takeOf(t, loam.CaseLabel)
	if c.Label == nil || c.Label.Appeal == nil || len(c.Label.Appeal.Exhibits) != 2 || c.Label.Signs[0].Kind != media.KindTrace {
		t.Fatalf("the reviewer sees %+v", c.Label)
	}
	shown := rita.must("GET", "/api/review/cases/"+c.ID+"/exhibits/"+photo.ID, nil, nil)
	if http.DetectContentType(shown.body) != "image/jpeg" || !strings.Contains(shown.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the evidence: %v", shown.header)
	}
	rita.refused(404, "exhibit.not_found", "GET", "/api/review/cases/"+c.ID+"/exhibits/"+raw.ID, nil)
	eve.refused(403, "role.needed", "GET", "/api/review/cases/"+c.ID+"/exhibits/"+photo.ID, nil)
	rita.refused(422, "ruling.unknown", "POST", "/api/review/cases/"+c.ID+"/decision", ruling(c, loam.RuleLimit, "label"))
	var d web.DecisionView
	rita.must("POST", "/api/review/cases/"+c.ID+"/decision", ruling(c, loam.RuleAllow, "ok"), &d)
	if !strings.Contains(d.Statement, "不再标 AI") {
		t.Errorf("she would read %q", d.Statement)
	}
	if got := ann.shows(&s, asset, false); got.AI != loam.SuspectedAI {
		t.Errorf("before the ruling takes effect the picture is %s", got.AI)
	}
	if err := h.db.Apply(t.Context(), d.ID); err != nil {
		t.Fatal(err)
	}
	var old web.VersionView
	ann.must("GET", "/api/versions/"+v.ID, nil, &old)
	if old.Marked[0].Appeal == nil || old.Marked[0].Appeal.Outcome != "overturned" || old.Marked[0].State != loam.SuspectedAI {
		t.Errorf("the old version: %+v", old.Marked)
	}
	again := ann.shows(&s, asset, false)
	if again.AI != loam.NotAI || again.LabelText != "" {
		t.Errorf("after the ruling the picture is %s", again.AI)
	}
	if again := ann.shows(&s, asset, true); again.AI != loam.MayAI {
		t.Errorf("her own word counts less than a ruling: %s", again.AI)
	}
	fresh := ann.upload(s.ID, traced(t))
	if other := eve.begin("另一篇"); eve.upload(other.ID, traced(t)).AI != loam.SuspectedAI || fresh.AI != loam.SuspectedAI {
		t.Error("a ruling on her picture changed what uploads are taken for")
	}
}

// takeOf leases the first case of a kind.
func (c *client) takeOf(t *testing.T, kind loam.CaseKind) web.CaseView {
	t.Helper()
	var list []loam.Case
	c.must("GET", "/api/review/queue", nil, &list)
	for _, x := range list {
		if x.Kind == kind {
			var v web.CaseView
			c.must("POST", "/api/review/cases/"+x.ID+"/lease", nil, &v)
			return v
		}
	}
	t.Fatalf("no case of kind %s in %+v", kind, list)
	return web.CaseView{}
}

// TestWaiver: files without a visible label leave on an application with the agreement and
// a log, one by one, with the implicit label in each (Labelling Measures Art. 9).
func TestWaiver(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withModel(newEngine(t, wellBehaved)))
	ann, eve, olga := h.person("ann"), h.person("eve"), h.person("olga", loam.Operator)
	s := ann.begin("周末去湖边的咖啡馆，人均35，靠窗")
	g := ann.generated(s.ID)
	ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "title": g.Draft.Titles[0], "body": g.Draft.Body, "pages": []loam.Page{{Kind: loam.PageCover, Title: g.Draft.Titles[0]}}}, &s)
	v := ann.until(ann.submit(s, nil).ID, "settled", settled)
	var parts []string
	for _, m := range v.Marked {
		if m.Waivable {
			parts = append(parts, m.Field)
		}
	}
	if !slices.Equal(parts, []string{label.TextField, loam.PictureField(1)}) {
		t.Fatalf("the words and the page have a visible label, not %q", parts)
	}
	path := "/api/versions/" + v.ID + "/waivers"
	ask := map[string]string{"recipient": "楼下的印刷厂", "purpose": "印展板", "agreement": loam.WaiverAgreement}
	with := func(key, value string) map[string]string {
		m := map[string]string{}
		for k, v := range ask {
			m[k] = v
		}
		m[key] = value
		return m
	}
	ann.refused(422, "waiver.agreement", "POST", path, with("agreement", ""))
	ann.refused(422, "waiver.agreement", "POST", path, with("agreement", "2025-01"))
	ann.refused(422, "waiver.recipient", "POST", path, with("recipient", " "))
	ann.refused(422, "waiver.purpose", "POST", path, with("purpose", ""))
	eve.refused(404, "version.not_found", "POST", path, ask)
	plain := eve.until(eve.submit(eve.begin("周末去湖边的咖啡馆，人均35，靠窗"), nil).ID, "settled", settled)
	eve.refused(404, "waiver.nothing", "POST", "/api/versions/"+plain.ID+"/waivers", ask)
	ann.refused(404, "waiver.not_found", "GET", "/api/waivers/"+loam.NewID(time.Now())+"/text", nil)
	var w loam.Waiver
	ann.must("POST", path, ask, &w)
	if w.KeepUntil-w.At < 184*24*60*60*1000 {
		t.Errorf("kept for %d days", (w.KeepUntil-w.At)/86_400_000)
	}
	eve.refused(404, "waiver.not_found", "GET", "/api/waivers/"+w.ID+"/"+parts[0], nil)
	if a := ann.do("HEAD", "/api/waivers/"+w.ID+"/"+parts[0], nil); a.status != http.StatusMethodNotAllowed {
		t.Errorf("HEAD, which hands out nothing: %d", a.status)
	}
	for _, field := range parts {
		got := ann.must("GET", "/api/waivers/"+w.ID+"/"+field, nil, nil)
		usual := ann.must("GET", "/api/versions/"+v.ID+"/pack", nil, nil).body
		name := map[string]string{label.TextField: "note.md", loam.PictureField(1): "pictures/1.png"}[field]
		with := unzipped(t, usual)[name]
		if d := cmp.Diff(marksOf(t, with, h.known()), marksOf(t, got.body, h.known())); d != "" {
			t.Errorf("%s: -as usual +without the visible label\n%s", field, d)
		}
		switch {
		case field == label.TextField && (strings.Contains(string(got.body), label.Words) || !strings.Contains(string(with), label.Words)):
			t.Errorf("the words stand in it:\n%s", got.body)
		case field != label.TextField && bytes.Equal(cornerOf(t, with), cornerOf(t, got.body)):
			t.Errorf("%s: the visible label stands on it", field)
		}
	}
	var log []loam.Waiver
	olga.must("GET", "/api/operate/waivers", nil, &log)
	if len(log) != 1 || log[0].Handle != "ann" || log[0].Recipient != "楼下的印刷厂" || len(log[0].Deliveries) != len(parts) || log[0].Deliveries[0].ProduceID == "" ||
		log[0].Identity != loam.IdentityAccount || log[0].Deliveries[0].Channel != loam.ChannelDownload {
		t.Errorf("the log: %+v", log)
	}
	ann.refused(403, "role.needed", "GET", "/api/operate/waivers", nil)
	ann.refused(404, "waiver.nothing", "GET", "/api/waivers/"+w.ID+"/picture.99", nil)
	pack := ann.must("GET", "/api/versions/"+v.ID+"/pack", nil, nil)
	if b := unzipped(t, pack.body)["body.txt"]; !strings.Contains(string(b), "AI") {
		t.Errorf("the pack lost the words of its label: %q", b)
	}
}

// marksOf are the marks of a file without what is new in every signature.
func marksOf(t *testing.T, b []byte, k label.Known) []label.MarkReport {
	t.Helper()
	r, err := label.Check(t.Context(), bytes.NewReader(b), k)
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Marks {
		if r.Marks[i].Kind == label.KindManifest {
			r.Marks[i].ContentID = ""
		}
		if s := r.Marks[i].Signature; s != label.SignedTrusted && s != label.SignedKnown && r.Marks[i].Kind != media.KindSource {
			t.Errorf("not ours: %+v", r.Marks[i])
		}
	}
	return r.Marks
}

// cornerOf are the pixels of a picture where the visible label stands.
func cornerOf(t *testing.T, b []byte) []byte {
	t.Helper()
	img, _, err := media.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	for y := img.Bounds().Max.Y - 80; y < img.Bounds().Max.Y; y++ {
		for x := range 300 {
			r, g, b, _ := img.At(x, y).RGBA()
			out = append(out, byte(r>>8), byte(g>>8), byte(b>>8))
		}
	}
	return out
}
