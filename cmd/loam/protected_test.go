package main

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"loam"
	"loam/internal/media"
	"loam/internal/media/mediatest"
	"loam/internal/parts"
	"loam/internal/web"
)

// prove hands in a file as proof of a protection.
func (c *client) prove(name string, data []byte) loam.Proof {
	c.h.t.Helper()
	body, kind := formOf(c.h.t, "file", name, data)
	var p loam.Proof
	c.must("POST", "/api/protections/proofs", body, &p, "Content-Type", kind)
	return p
}

// protection is a form that is as it should be, with one proof.
func (c *client) protection(kind loam.ProtectionKind, name string, data []byte) web.ProtectionForm {
	c.h.t.Helper()
	proof := c.prove(name+".jpg", data)
	return web.ProtectionForm{
		Kind: kind, Name: name, Text: "一直用这个名字", Subject: "本人", By: loam.BySubject, Agreement: loam.ProtectionConsent,
		Consent: true, Truthful: true, Proofs: []web.ProofRef{{ID: proof.ID, Holder: "摄影师"}},
	}
}

// registers asks for a protection and has a reviewer register it; it is in force when it returns.
func (c *client) registers(reviewer *client, kind loam.ProtectionKind, name string, data []byte) loam.Protection {
	c.h.t.Helper()
	var p loam.Protection
	c.must("POST", "/api/protections", c.protection(kind, name, data), &p)
	before := c.h.matcher().Len()
	reviewer.must("POST", "/api/review/protections/"+p.ID+"/decision", map[string]string{"step": "register", "reason": "proven"}, &p)
	c.h.inForce(before + 1)
	return p
}

// inForce waits until so many protections are in force.
func (h *house) inForce(n int) {
	h.t.Helper()
	for range 200 {
		if h.matcher().Len() == n {
			return
		}
		pause(h.t.Context(), 20e6)
	}
	h.t.Fatalf("%d are in force, want %d", h.matcher().Len(), n)
}

// mirrored is a JPEG turned around and written anew.
func mirroredJPEG(t *testing.T, data []byte) []byte {
	t.Helper()
	in, _, err := media.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	b := in.Bounds()
	img := image.NewRGBA(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			img.Set(b.Max.X-1-x, y, in.At(x, y))
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 60}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestProtected: a registered voice and likeness: what another publishes of them with a machine is
// suspected, goes to people and is shown to who holds them; her own is not, nor is a mention; a
// prompt for it is not sent; withdrawn, all of that ends.
func TestProtected(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	wan, ann, rita := h.person("wan"), h.person("ann"), h.person("rita", loam.Reviewer)
	photo := noisyJPEG(t, 320, 240)
	voice := wan.registers(rita, loam.ProtectVoice, "林晚", photo)

	s := ann.begin("AI翻唱林晚的夏夜，录了一个下午，耳机听效果最好")
	v := ann.until(ann.submit(s, nil).ID, "settled", settled)
	if v.State != loam.Held {
		t.Fatalf("an AI cover is %s", v.State)
	}
	if v.Labels[0].State != loam.SuspectedAI {
		t.Errorf("its words are labelled %s", v.Labels[0].State)
	}
	if i := slices.IndexFunc(v.Marked, func(m web.LabelView) bool { return m.Field == "text" }); i < 0 || len(v.Marked[i].Signs) == 0 || v.Marked[i].Signs[0].Kind != "protected" {
		t.Errorf("she is not told why: %+v", v.Marked)
	}
	var seen []loam.Sighting
	wan.must("GET", "/api/sightings", nil, &seen)
	if len(seen) == 0 || seen[0].Protection != voice.ID || seen[0].Work != "" {
		t.Fatalf("who holds it reads %+v", seen)
	}
	ann.refused(404, "sighting.not_found", "POST", "/api/sightings/"+seen[0].ID, map[string]string{"answer": "mine"})
	wan.must("POST", "/api/sightings/"+seen[0].ID, map[string]string{"answer": "takedown"}, nil)
	c := rita.take(0)
	if len(c.Sightings) == 0 || !slices.ContainsFunc(c.Sightings, func(x loam.Sighting) bool { return x.Answer == loam.SightingTakedown }) {
		t.Errorf("the reviewer reads %+v", c.Sightings)
	}
	rita.must("POST", "/api/review/cases/"+c.ID+"/decision", ruling(c, loam.RuleRemove, "likeness"), nil)

	if v := ann.publish("听了林晚的演唱会，下雨也去了，全场大合唱", nil); v.Labels[0].State != loam.NotAI {
		t.Errorf("a mention is labelled %s", v.Labels[0].State)
	}
	if v := wan.publish("AI翻唱林晚自己的夏夜，授权给自己，录了一个下午", nil); v.Labels[0].State != loam.NotAI {
		t.Errorf("her own is labelled %s", v.Labels[0].State)
	}

	lu := h.person("lu")
	lu.registers(rita, loam.ProtectLikeness, "陆知遥", photo)
	s = ann.begin("今天拍的一张照片，光线很好，分享给大家")
	v = ann.shows(&s, ann.upload(s.ID, mirroredJPEG(t, photo)), false)
	if v.State != loam.Held || v.Labels[1].State != loam.SuspectedAI {
		t.Errorf("a mirrored copy of a registered picture is %s and labelled %s", v.State, v.Labels[1].State)
	}

	wan.must("POST", "/api/protections/"+voice.ID+"/withdraw", nil, nil)
	h.inForce(1)
	wan.must("GET", "/api/sightings", nil, &seen)
	if len(seen) != 0 {
		t.Errorf("withdrawn, she still reads %+v", seen)
	}
	if v := ann.publish("AI翻唱林晚的夏夜，第二版，换了一支麦克风", nil); v.Labels[0].State != loam.NotAI {
		t.Errorf("withdrawn, it is labelled %s", v.Labels[0].State)
	}
}

// TestProtectedPrompt: a prompt for somebody's protected style is refused before a model is asked,
// with what to do; her own goes.
func TestProtectedPrompt(t *testing.T) {
	t.Parallel()
	e := newEngine(t, wellBehaved)
	h := newHouse(t, withModel(e))
	wan, ann, rita := h.person("wan"), h.person("ann"), h.person("rita", loam.Reviewer)
	wan.registers(rita, loam.ProtectStyle, "青禾絮语", noisyJPEG(t, 320, 240))
	const idea = "模仿青禾絮语的风格写一篇湖边的咖啡馆，人均35，靠窗"
	s := ann.begin(idea)
	ann.refused(403, "prompt.protected.style", "POST", "/api/works/"+s.ID+"/generations", nil, "Idempotency-Key", loam.NewSecret())
	if a := ann.do("POST", "/api/works/"+s.ID+"/generations", nil, "Idempotency-Key", loam.NewSecret()); !strings.Contains(string(a.body), "青禾絮语") || a.status != http.StatusForbidden {
		t.Errorf("it says %s", a.body)
	}
	if n := e.calls.Load(); n != 0 {
		t.Errorf("the model was asked %d times", n)
	}
	own := wan.begin(idea)
	wan.must("POST", "/api/works/"+own.ID+"/generations", nil, nil, "Idempotency-Key", loam.NewSecret())
	mention := ann.begin("读完青禾絮语的新书，在湖边的咖啡馆坐了一下午，人均35")
	ann.must("POST", "/api/works/"+mention.ID+"/generations", nil, nil, "Idempotency-Key", loam.NewSecret())
}

// TestProtectedScreened: who screens a text reads that it names somebody protected; which protection
// that is, only who runs the community reads.
func TestProtectedScreened(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	wan, ann, rita, ops := h.person("wan"), h.person("ann"), h.person("rita", loam.Reviewer), h.person("ops", loam.Operator)
	p := wan.registers(rita, loam.ProtectStyle, "青禾絮语", noisyJPEG(t, 320, 240))
	text := map[string]string{"text": "用AI模仿青禾絮语的风格写的"}
	for who, want := range map[*client]string{ann: "", ops: p.ID} {
		var one loam.Verdict
		who.must("POST", "/api/screen", text, &one)
		var batch []loam.Verdict
		who.must("POST", "/api/screen/batch", map[string]any{"texts": []map[string]string{text}}, &batch)
		for _, v := range append(batch, one) {
			i := slices.IndexFunc(v.Findings, func(f loam.Finding) bool { return f.Detector == loam.ProtectedDetector })
			if i < 0 || v.Findings[i].Facts["protection"] != want || v.Findings[i].Facts["kind"] != string(loam.ProtectStyle) {
				t.Errorf("want %q: %+v", want, v.Findings)
			}
		}
	}
}

// TestProtectionForm: what is missing is named; the owner of a file is nobody who consents; one's
// own is decided by another, and seen by nobody else.
func TestProtectionForm(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	wan, eve, rita := h.person("wan", loam.Creator, loam.Reviewer), h.person("eve"), h.person("rita", loam.Reviewer)
	good := wan.protection(loam.ProtectVoice, "林晚", noisyJPEG(t, 320, 240))
	theirs := eve.prove("x.wav", []byte("RIFF...."))
	for code, change := range map[string]func(*web.ProtectionForm){
		"protection.consent":  func(f *web.ProtectionForm) { f.Consent = false },
		"notice.truthful":     func(f *web.ProtectionForm) { f.Truthful = false },
		"protection.name":     func(f *web.ProtectionForm) { f.Name = "。。。" },
		"protection.text":     func(f *web.ProtectionForm) { f.Text = " " },
		"protection.subject":  func(f *web.ProtectionForm) { f.Subject = "" },
		"protection.guardian": func(f *web.ProtectionForm) { f.By = loam.ByGuardian },
		"protection.holder":   func(f *web.ProtectionForm) { f.Proofs = []web.ProofRef{{ID: good.Proofs[0].ID}} },
		"protection.proof":    func(f *web.ProtectionForm) { f.Proofs = []web.ProofRef{} },
	} {
		f := good
		change(&f)
		wan.refused(422, code, "POST", "/api/protections", f)
	}
	old := good
	old.Agreement = "2020-01"
	wan.refused(422, "protection.consent", "POST", "/api/protections", old)
	stolen := good
	stolen.Proofs = []web.ProofRef{{ID: theirs.ID, Holder: "我"}}
	wan.refused(404, "exhibit.not_found", "POST", "/api/protections", stolen)
	eve.must("DELETE", "/api/protections/proofs/"+theirs.ID, nil, nil)

	var p loam.Protection
	wan.must("POST", "/api/protections", good, &p)
	if p.Subject != "本人" || p.Proofs[0].Holder != "摄影师" {
		t.Errorf("registered %+v", p)
	}
	var list []loam.Protection
	wan.must("GET", "/api/review/protections", nil, &list)
	if len(list) != 0 {
		t.Error("she is offered her own")
	}
	at := "/api/review/protections/" + p.ID
	wan.refused(403, "review.own_work", "POST", at+"/decision", map[string]string{"step": "register", "reason": "proven"})
	wan.refused(403, "review.own_work", "GET", at+"/proofs/"+p.Proofs[0].ID, nil)
	eve.refused(403, "role.needed", "GET", "/api/review/protections", nil)
	rita.must("GET", "/api/review/protections", nil, &list)
	if len(list) != 1 || list[0].ID != p.ID {
		t.Fatalf("who reviews reads %+v", list)
	}
	if a := rita.do("GET", at+"/proofs/"+p.Proofs[0].ID, nil); a.status != 200 || a.header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("the picture is %d %s", a.status, a.header.Get("Content-Type"))
	}
	rita.refused(422, "reason.unknown", "POST", at+"/decision", map[string]string{"step": "refuse", "reason": "proven"})
	rita.must("POST", at+"/decision", map[string]string{"step": "refuse", "reason": "holder_only"}, nil)
	rita.refused(409, "protection.step", "POST", at+"/decision", map[string]string{"step": "register", "reason": "proven"})
	var mine web.ProtectionsView
	wan.must("GET", "/api/protections", nil, &mine)
	if len(mine.List) != 1 || mine.List[0].State != loam.ProtectionRefused || mine.List[0].Reason != "holder_only" {
		t.Errorf("she reads %+v", mine.List)
	}
	var others web.ProtectionsView
	eve.must("GET", "/api/protections", nil, &others)
	if len(others.List) != 0 {
		t.Error("another reads it")
	}
	eve.refused(404, "protection.not_found", "POST", "/api/protections/"+p.ID+"/withdraw", nil)
}

// TestProtectedSound: of a registered recording a fingerprint is kept, which an operator's sound is
// held against; withdrawn, it is gone. What is no sound is refused.
func TestProtectedSound(t *testing.T) {
	t.Parallel()
	if err := parts.CanFingerprint(); err != nil {
		if os.Getenv("LOAM_TEST_POSTGRES") != "" {
			t.Fatalf("the gate needs fpcalc: %v", err)
		}
		t.Skip("no fpcalc: apt-get install libchromaprint-tools")
	}
	h := newHouse(t, nil)
	wan, rita, olga := h.person("wan"), h.person("rita", loam.Reviewer), h.person("olga", loam.Operator)
	f := wan.protection(loam.ProtectVoice, "林晚", noisyJPEG(t, 320, 240))
	song := wan.prove("夏夜.wav", melody(1))
	if !song.Heard {
		t.Fatalf("no fingerprint is kept: %+v", song)
	}
	f.Proofs = []web.ProofRef{{ID: song.ID, Holder: "录音棚"}}
	var p loam.Protection
	wan.must("POST", "/api/protections", f, &p)
	rita.must("POST", "/api/review/protections/"+p.ID+"/decision", map[string]string{"step": "register", "reason": "proven"}, nil)
	h.inForce(1)
	check := func(data []byte) []web.HeardView {
		t.Helper()
		body, kind := formOf(t, "file", "x.wav", data)
		var out []web.HeardView
		olga.must("POST", "/api/operate/protected/check", body, &out, "Content-Type", kind)
		return out
	}
	if got := check(melody(1)); len(got) != 1 || got[0].Protection != p.ID || got[0].Name != "林晚" || got[0].Errors > 0.01 {
		t.Errorf("the same recording is %+v", got)
	}
	if got := check(melody(2)); len(got) != 0 {
		t.Errorf("another is %+v", got)
	}
	body, kind := formOf(t, "file", "x.wav", []byte("no sound"))
	olga.refused(422, "inspect.file", "POST", "/api/operate/protected/check", body, "Content-Type", kind)
	body, kind = formOf(t, "file", "x.wav", melody(1))
	wan.refused(403, "role.needed", "POST", "/api/operate/protected/check", body, "Content-Type", kind)
	wan.must("POST", "/api/protections/"+p.ID+"/withdraw", nil, nil)
	h.inForce(0)
	if got := check(melody(1)); len(got) != 0 {
		t.Errorf("withdrawn, it is %+v", got)
	}
}

// melody is twenty made-up seconds of tones, as a WAV file.
func melody(seed uint64) []byte {
	const rate, seconds = 11025, 20
	r := rand.New(rand.NewPCG(seed, 5))
	out := make([]int16, rate*seconds)
	hertz := 0.0
	for i := range out {
		if i%(rate/4) == 0 {
			hertz = 220 * math.Pow(2, float64(r.IntN(24))/12)
		}
		at := 2 * math.Pi * hertz * float64(i) / rate
		out[i] = int16(9000*math.Sin(at) + 5000*math.Sin(2*at) + 3000*math.Sin(3*at))
	}
	return mediatest.WAV(rate, out)
}
