package main

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loam"
	"loam/internal/web"
)

// installedParts is where the optional parts are, if this machine has them.
func installedParts(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("LOAM_PARTS")
	if dir == "" {
		dir = filepath.Join("..", "..", ".cache", "parts")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// withBodies is a house with the optional parts; a machine without them skips.
func withBodies(t *testing.T) *house {
	t.Helper()
	h := newHouse(t, func(c *config) { withProducer(c); c.Parts = installedParts(t) })
	if err := h.parts.Health(t.Context()); err != nil {
		t.Skip(err)
	}
	return h
}

// spoken is half a minute in one of the voices of a speaking program.
func spoken(t *testing.T, voice, words string) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.wav")
	if out, err := exec.Command("espeak-ng", "-v", voice, "-s", "150", "-w", file, strings.Repeat(words, 6)).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// after is one WAV behind another of the same form.
func after(first, second []byte) []byte {
	const head = 44
	out := append(slices.Clone(first), second[head:]...)
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	binary.LittleEndian.PutUint32(out[40:], uint32(len(out)-head))
	return out
}

// agrees hands a file in to be compared by, and asks for a protection with it; it is in force when it
// returns.
func (c *client) agrees(reviewer *client, kind loam.ProtectionKind, name, file string, data []byte) loam.Protection {
	c.h.t.Helper()
	body, typ := formOf(c.h.t, "file", file, data)
	var proof loam.Proof
	c.must("POST", "/api/protections/proofs?compare=true", body, &proof, "Content-Type", typ)
	if proof.Compared != kind.ComparedBy() {
		c.h.t.Fatalf("of %s is taken %q: %v", file, proof.Compared, proof.Facts)
	}
	var p loam.Protection
	c.must("POST", "/api/protections", web.ProtectionForm{
		Kind: kind, Name: name, Text: "一直用这个名字", Subject: "本人", By: loam.BySubject, Agreement: loam.ProtectionConsent,
		Consent: true, Compare: loam.CompareConsent, Truthful: true, Proofs: []web.ProofRef{{ID: proof.ID, Holder: "本人"}},
	}, &p)
	before := c.h.matcher().Len()
	reviewer.must("POST", "/api/review/protections/"+p.ID+"/decision", map[string]string{"step": "register", "reason": "proven"}, &p)
	c.h.inForce(before + 1)
	return p
}

// seenBy are how her protections were seen, the newest first.
func (c *client) seenBy() (out []string) {
	c.h.t.Helper()
	var seen []loam.Sighting
	c.must("GET", "/api/sightings", nil, &seen)
	for _, s := range seen {
		out = append(out, s.By+" "+strings.Join(s.Fields, ","))
	}
	return out
}

// TestCompareRefused: without the parts a face or voice is neither taken nor promised to be compared,
// and with them only the subject herself can agree, for a likeness or voice, with files handed in for
// it.
func TestCompareRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *config) { c.Parts = t.TempDir() })
	wan := h.person("wan")
	var mine web.ProtectionsView
	body, typ := formOf(t, "file", "a.jpg", noisyJPEG(t, 320, 240))
	wan.refused(503, "compare.absent", "POST", "/api/protections/proofs?compare=true", body, "Content-Type", typ)
	if wan.must("GET", "/api/protections", nil, &mine); mine.Compares || len(mine.Proofs) != 0 || mine.Comparing != loam.CompareConsent {
		t.Errorf("she reads %+v", mine)
	}
	for code, change := range map[string]func(*web.ProtectionForm){
		"protection.compare":         func(*web.ProtectionForm) {}, // nothing was taken of the file
		"protection.compare_consent": func(f *web.ProtectionForm) { f.Kind = loam.ProtectStyle },
	} {
		f := wan.protection(loam.ProtectLikeness, "林晚", noisyJPEG(t, 320, 240))
		f.Compare = loam.CompareConsent
		change(&f)
		wan.refused(422, code, "POST", "/api/protections", f)
	}
	for name, change := range map[string]func(*web.ProtectionForm){
		"of a child":      func(f *web.ProtectionForm) { f.By, f.Guardian = loam.ByGuardian, "林晚的母亲" },
		"another version": func(f *web.ProtectionForm) { f.Compare = "2020-01" },
	} {
		f := wan.protection(loam.ProtectLikeness, "林晚", noisyJPEG(t, 320, 240))
		f.Compare = loam.CompareConsent
		change(&f)
		if a := wan.do("POST", "/api/protections", f); a.status != 422 {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	var p loam.Protection
	wan.must("POST", "/api/protections", wan.protection(loam.ProtectLikeness, "林晚", noisyJPEG(t, 320, 240)), &p)
	wan.refused(409, "protection.not_compared", "POST", "/api/protections/"+p.ID+"/stop-comparing", nil)
	h.person("eve").refused(404, "protection.not_found", "POST", "/api/protections/"+p.ID+"/stop-comparing", nil)
}

// TestComparedVoice: who agreed to be compared by voice is found where it says other words, until
// she stops it; another voice is not.
func TestComparedVoice(t *testing.T) {
	t.Parallel()
	needSoundPrograms(t)
	h := withBodies(t)
	wan, ann, rita := h.person("wan"), h.person("ann"), h.person("rita", loam.Reviewer)
	p := wan.agrees(rita, loam.ProtectVoice, "林晚", "我的声音.wav", spoken(t, "cmn-latn-pinyin", "今天天气很好，我们去湖边走了一圈，拍了很多照片。"))
	says := func(name, voice string) web.VersionView {
		t.Helper()
		s := ann.withSound("录了一段话，"+name, "随便说说", spoken(t, voice, "红薯切成条，泡水十分钟，沥干以后放进空气炸锅，一百八十度。"))
		return ann.until(ann.submit(s, nil).ID, "settled", settled)
	}
	v := says("她的声音", "cmn-latn-pinyin")
	if v.State != loam.Held || soundLabel(t, v).State != loam.SuspectedAI {
		t.Errorf("her voice: %s, its sound %s", v.State, soundLabel(t, v).State)
	}
	if v.Statement == nil || len(v.Statement.Findings) != 1 {
		t.Fatalf("of the held note she reads %+v", v.Statement)
	}
	if diff := cmp.Diff(map[string]string{"by": "voice", "kind": "voice"}, v.Statement.Findings[0].Facts); diff != "" || v.Statement.Findings[0].Score != 0 {
		t.Errorf("she reads whose voice it is, or how near: %+v", v.Statement.Findings[0])
	}
	if got := wan.seenBy(); !slices.Equal(got, []string{"voice sound"}) {
		t.Errorf("she reads %q", got)
	}
	if v := says("别人的声音", "cmn-latn-pinyin+f5"); v.State != loam.Cleared || soundLabel(t, v).State != loam.NotAI {
		t.Errorf("another voice: %s, its sound %s", v.State, soundLabel(t, v).State)
	}
	wan.must("POST", "/api/protections/"+p.ID+"/stop-comparing", nil, nil)
	if got := wan.seenBy(); len(got) != 0 {
		t.Errorf("after she stopped it she reads %q", got)
	}
	if err := h.reloadSubjects(t.Context()); err != nil { // as the event does within a second
		t.Fatal(err)
	}
	if v := says("她的声音，第二次", "cmn-latn-pinyin"); v.State != loam.Cleared {
		t.Errorf("after she stopped it: %s", v.State)
	}
}

// TestComparedSeveral: nothing is taken of a recording in which more than one voice is heard, wherever
// in it the other one speaks.
func TestComparedSeveral(t *testing.T) {
	t.Parallel()
	needSoundPrograms(t)
	h := withBodies(t)
	wan := h.person("wan")
	hers := spoken(t, "cmn-latn-pinyin", "今天天气很好，我们去湖边走了一圈，拍了很多照片。")
	his := spoken(t, "cmn-latn-pinyin+f5", "红薯切成条，泡水十分钟，沥干以后放进空气炸锅，一百八十度。")
	long := after(hers, hers)
	for name, tt := range map[string]struct {
		sound    []byte
		compared loam.BiometricKind
		why      string
	}{
		"one voice":              {long, loam.BiometricVoice, ""},
		"another one at the end": {after(long, his), "", severalThere},
		"another one at first":   {after(his, long), "", severalThere},
		"half and half":          {after(hers, his), "", severalThere},
	} {
		body, typ := formOf(t, "file", "录音.wav", tt.sound)
		var proof loam.Proof
		wan.must("POST", "/api/protections/proofs?compare=true", body, &proof, "Content-Type", typ)
		if proof.Compared != tt.compared || proof.Facts["compare"] != tt.why {
			t.Errorf("%s: compared by %q, %q", name, proof.Compared, proof.Facts["compare"])
		}
	}
}

// TestComparedFace: LOAM_TEST_FACES names a folder with her.jpg, again.jpg (her again) and other.jpg,
// photographs of one person each. Her face is found where the note says a machine made it and not in
// a photograph; another's is not.
func TestComparedFace(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("LOAM_TEST_FACES")
	if dir == "" {
		t.Skip("LOAM_TEST_FACES is not set")
	}
	h := withBodies(t)
	photo := func(name string) []byte {
		t.Helper()
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	wan, ann, rita := h.person("wan"), h.person("ann"), h.person("rita", loam.Reviewer)
	wan.agrees(rita, loam.ProtectLikeness, "林晚", "我.jpg", photo("her.jpg"))
	shows := func(title, name string) web.VersionView {
		t.Helper()
		s := ann.begin(title)
		asset := ann.upload(s.ID, photo(name))
		pages := []loam.Page{{Kind: loam.PageCover, Title: title}, {Kind: loam.PagePhoto, Asset: asset.ID}}
		ann.must("PUT", "/api/works/"+s.ID+"/draft", map[string]any{"revision": s.Revision, "pages": pages}, &s)
		return ann.until(ann.submit(s, nil).ID, "settled", settled)
	}
	if v := shows("周末和朋友吃饭，人很多，菜很好", "again.jpg"); v.State != loam.Cleared {
		t.Errorf("a photograph of her: %s", v.State)
	}
	if v := shows("一键换脸，效果绝了，附教程", "other.jpg"); v.State != loam.Cleared {
		t.Errorf("another's face: %s", v.State)
	}
	if got := wan.seenBy(); len(got) != 0 {
		t.Errorf("she reads %q", got)
	}
	if v := shows("一键换脸，效果绝了，第二弹", "again.jpg"); v.State != loam.Held || v.Labels[2].State != loam.SuspectedAI {
		t.Errorf("her face, said to be made: %s, %+v", v.State, v.Labels)
	}
	if got := wan.seenBy(); !slices.Equal(got, []string{"face picture.2"}) {
		t.Errorf("she reads %q", got)
	}
}
