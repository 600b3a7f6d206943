package label

import (
	"bytes"
	"context"
	"image"
	"testing"

	"loam"
	"loam/internal/media"
)

// shelf is a Store and Blobs in memory.
type shelf struct {
	version loam.Version
	asset   loam.Asset // of the photo

	delivered string // the hash of a file that was handed out
	bytes     map[string][]byte
	labels    []loam.Label
	hash      string
	blobs     []loam.Asset
	puts      int
}

func (s *shelf) Version(context.Context, string) (loam.Version, error) { return s.version, nil }

func (s *shelf) Asset(_ context.Context, _, id string) (loam.Asset, error) {
	if id != "a" {
		return loam.Asset{}, loam.Fail(loam.NotFound, "asset.not_found")
	}
	return s.asset, nil
}

func (s *shelf) Delivered(_ context.Context, _, digest string) (bool, error) {
	return digest == s.delivered, nil
}

func (s *shelf) PutLabels(_ context.Context, _ string, labels []loam.Label, hash string, blobs []loam.Asset) error {
	s.puts++
	s.labels, s.hash, s.blobs = labels, hash, blobs
	return nil
}

func (s *shelf) Read(hash string) ([]byte, error) {
	if b, ok := s.bytes[hash]; ok {
		return b, nil
	}
	return nil, loam.Fail(loam.NotFound, "picture.not_found")
}

func (s *shelf) Put(data []byte) (string, error) {
	s.bytes[digest(data)] = data
	return digest(data), nil
}

// setup is a note of a drawn page and a photo, whose words and pictures have the states.
func setup(t *testing.T, text, drawn, photo loam.AIState) (*shelf, *Labeller) {
	t.Helper()
	s := &shelf{bytes: map[string][]byte{}}
	page, err := s.Put(pngOf(t, colours(360, 480)))
	if err != nil {
		t.Fatal(err)
	}
	picture, err := s.Put(jpegOf(t, colours(200, 100)))
	if err != nil {
		t.Fatal(err)
	}
	c := loam.Content{
		Work: "w1", Title: "湖边", Body: "买了杯子。", Tags: []string{"湖边", "杯子"}, TextAI: text,
		Pages: []loam.Page{{Kind: loam.PageCover}, {Kind: loam.PagePhoto, Asset: "a"}},
		Assets: []loam.AssetRef{
			{Field: loam.PictureField(1), Hash: page, Type: "image/png", Width: 360, Height: 480, AI: drawn},
			{Field: loam.PictureField(2), Hash: picture, Type: "image/jpeg", Width: 200, Height: 100, AI: photo},
		},
	}
	hash, err := loam.VersionHash(c)
	if err != nil {
		t.Fatal(err)
	}
	s.version = loam.Version{ID: "v1", Work: "w1", Hash: hash, Content: c, State: loam.Submitted}
	return s, &Labeller{
		Store: s, Blobs: s, Draw: pen(), Producer: testProducer, Notice: func(a loam.AIState) string { return "notice " + string(a) },
		Gate: func(_ context.Context, decode func() error) error { return decode() },
	}
}

// TestApply labels the words and every picture, each by its own state, and the visible mark
// stands on what was made here only.
func TestApply(t *testing.T) {
	t.Parallel()
	s, l := setup(t, loam.IsAI, loam.IsAI, loam.MayAI)
	if err := l.Apply(t.Context(), "v1"); err != nil {
		t.Fatal(err)
	}
	if len(s.labels) != 3 || len(s.blobs) != 3 {
		t.Fatalf("got %d labels, %d blobs", len(s.labels), len(s.blobs))
	}
	for i, want := range []loam.Label{
		{Field: "text", State: loam.IsAI, Visible: Words}, {Field: "picture.1", State: loam.IsAI, Visible: Words}, {Field: "picture.2", State: loam.MayAI},
	} {
		got := s.labels[i]
		if got.Field != want.Field || got.State != want.State || got.Visible != want.Visible {
			t.Errorf("label %d: got %+v, want %+v", i, got, want)
		}
		b, err := s.Read(got.Result)
		if err != nil {
			t.Fatal(err)
		}
		mark := only(t, got.Field, b)
		diff(t, got.Field, got.Mark, mark)
		if mark.Label != want.State.Wire() || mark.ProduceID != "v1."+want.Field {
			t.Errorf("%s: mark %+v", got.Field, mark)
		}
		if s.blobs[i].Hash != got.Result || s.blobs[i].Size != int64(len(b)) {
			t.Errorf("%s: blob %+v of %d bytes", got.Field, s.blobs[i], len(b))
		}
	}
	text, _ := s.Read(s.labels[0].Result)
	if want := "# 湖边\n\n买了杯子。\n\n#湖边 #杯子\n\n" + Words + "\n"; string(bodyOf(text)) != want {
		t.Errorf("words: got %q, want %q", bodyOf(text), want)
	}
	photo, _ := s.Read(s.labels[2].Result)
	before, _ := s.Read(s.version.Content.Assets[1].Hash)
	if !sameContent(before, photo) {
		t.Error("a photo that came in was painted on")
	}
	if s.blobs[1].Width != 360 || s.blobs[2].Height != 100 {
		t.Errorf("sizes: %+v", s.blobs)
	}
	want, err := loam.ReleaseHash(s.version.Hash, s.labels, "notice is", 0)
	if err != nil || s.hash != want {
		t.Errorf("release hash: got %s, want %s, %v", s.hash, want, err)
	}
}

// TestApplyTwice: a repeated job writes the same bytes, so the same release hash.
func TestApplyTwice(t *testing.T) {
	t.Parallel()
	s, l := setup(t, loam.MayAI, loam.IsAI, loam.NotAI)
	if err := l.Apply(t.Context(), "v1"); err != nil {
		t.Fatal(err)
	}
	labels, hash, files := s.labels, s.hash, len(s.bytes)
	if err := l.Apply(t.Context(), "v1"); err != nil {
		t.Fatal(err)
	}
	diff(t, "labels", labels, s.labels)
	if s.hash != hash || len(s.bytes) != files || s.puts != 2 {
		t.Errorf("release hash %s then %s; %d files then %d; %d times", hash, s.hash, files, len(s.bytes), s.puts)
	}
}

// TestApplyWithoutAI passes everything on as it is, and needs no producer.
func TestApplyWithoutAI(t *testing.T) {
	t.Parallel()
	s, l := setup(t, loam.NotAI, loam.NotAI, loam.NotAI)
	l.Producer = ""
	if err := l.Apply(t.Context(), "v1"); err != nil {
		t.Fatal(err)
	}
	for _, got := range s.labels {
		b, err := s.Read(got.Result)
		if err != nil {
			t.Fatal(err)
		}
		if found, err := media.Read(b); err != nil || len(found) != 0 || got.Source != got.Result || got.Mark != (loam.Mark{}) {
			t.Errorf("%s: %+v has %v, %v", got.Field, got, found, err)
		}
	}
}

// TestApplyRests does nothing to a version that is labelled or withdrawn.
func TestApplyRests(t *testing.T) {
	t.Parallel()
	for _, change := range []func(*loam.Version){
		func(v *loam.Version) { v.Labelled = true }, func(v *loam.Version) { v.State = loam.Withdrawn },
	} {
		s, l := setup(t, loam.IsAI, loam.IsAI, loam.IsAI)
		change(&s.version)
		if err := l.Apply(t.Context(), "v1"); err != nil || s.puts != 0 {
			t.Errorf("%d writes, %v", s.puts, err)
		}
	}
}

// TestApplyRefuses: nothing is recorded of a note of which one part cannot be labelled.
func TestApplyRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*shelf, *Labeller)
		kind   loam.Kind
		code   string
	}{
		"no producer": {func(_ *shelf, l *Labeller) { l.Producer = "" }, loam.Invalid, "label.producer_missing"},
		"a lost blob": {func(s *shelf, _ *Labeller) { s.version.Content.Assets[1].Hash = "gone" }, loam.NotFound, "picture.not_found"},
		"a page too small for its mark": {func(s *shelf, _ *Labeller) {
			s.version.Content.Assets[0].Hash, _ = s.Put(pngOf(t, colours(40, 40)))
		}, loam.Invalid, "label.too_small"},
		"bytes that are no picture": {func(s *shelf, _ *Labeller) {
			s.version.Content.Assets[1].Hash, _ = s.Put([]byte{0, 1, 2})
		}, loam.Invalid, "file.type"},
	} {
		s, l := setup(t, loam.IsAI, loam.IsAI, loam.MayAI)
		tt.change(s, l)
		wantCode(t, name, l.Apply(t.Context(), "v1"), tt.kind, tt.code)
		if s.puts != 0 {
			t.Errorf("%s: labels were recorded", name)
		}
	}
}

// TestMarkdown: a title cannot open front matter, and no tag is lost.
func TestMarkdown(t *testing.T) {
	t.Parallel()
	got := loam.Content{Title: "---", Body: "---\nAIGC: x\n---", Tags: nil}.Markdown()
	if found, err := media.Read([]byte(got)); err != nil || len(found) != 0 {
		t.Errorf("%q reads as %v, %v", got, found, err)
	}
	if !bytes.HasPrefix([]byte(got), []byte("# ---\n")) {
		t.Errorf("got %q", got)
	}
}

// BenchmarkFile is the label stage on a photo: written, read back, every pixel compared.
func BenchmarkFile(b *testing.B) {
	photo := jpegOf(b, colours(600, 600))
	drawn := pngOf(b, image.NewRGBA(image.Rect(0, 0, 1080, 1440)))
	o := options(loam.IsAI)
	b.Run("photo", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := File(photo, o); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(photo))/1024, "KiB/picture")
	})
	o.Draw = pen()
	b.Run("page", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := File(drawn, o); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// TestApplyUnclear: an upload whose producer wrote its name with spaces goes out as it came:
// the file still says AI, and nothing in it was repaired or removed.
func TestApplyUnclear(t *testing.T) {
	t.Parallel()
	s, l := setup(t, loam.NotAI, loam.NotAI, loam.IsAI)
	spaced := others("1")
	spaced.ContentProducer = "Minimax Agent AI"
	dirty := withText(pngOf(t, colours(200, 100)), "AIGC", jsonOf(spaced), false)
	hash, err := s.Put(dirty)
	if err != nil {
		t.Fatal(err)
	}
	s.version.Content.Assets[1].Hash, s.version.Content.Assets[1].Type = hash, "image/png"
	if err := l.Apply(t.Context(), "v1"); err != nil {
		t.Fatal(err)
	}
	got := s.labels[2]
	marks, err := media.Read(s.bytes[got.Result])
	if err != nil || got.Result != hash || media.State(marks) != loam.IsAI {
		t.Errorf("label %+v, marks %+v, %v", got, marks, err)
	}
}
