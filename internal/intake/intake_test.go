package intake

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"loam"
	"loam/internal/media"
)

// shelf is a Store and Blobs in memory that remembers what it was asked to keep.
type shelf struct {
	work      loam.Work
	assets    map[string]loam.Asset
	generated []loam.Generation
	mu        sync.Mutex
	blobs     map[string][]byte
	submitted []loam.Submission
	recent    []string
	rulings   map[string]loam.LabelRuling
}

func (s *shelf) LabelRuling(_ context.Context, _, source string) (loam.LabelRuling, bool, error) {
	r, ok := s.rulings[source]
	return r, ok, nil
}

func (s *shelf) SubmitText(ctx context.Context, _ string, x loam.Submission) (loam.Version, error) {
	return s.Submit(ctx, x)
}

func (s *shelf) RecentComments(context.Context, string, string, int64, int) ([]string, error) {
	return s.recent, nil
}

func (s *shelf) Work(_ context.Context, owner, id string) (loam.Work, error) {
	if owner != s.work.Owner || id != s.work.ID {
		return loam.Work{}, loam.Fail(loam.NotFound, "work.not_found")
	}
	return s.work, nil
}

func (s *shelf) Asset(_ context.Context, owner, id string) (loam.Asset, error) {
	if a, ok := s.assets[id]; ok && a.Owner == owner {
		return a, nil
	}
	return loam.Asset{}, loam.Fail(loam.NotFound, "asset.not_found")
}

func (s *shelf) CreateAsset(_ context.Context, a loam.Asset) (loam.Asset, error) {
	a.ID = "a" + strconv.Itoa(len(s.assets)+1)
	s.assets[a.ID] = a
	return a, nil
}

func (s *shelf) Submit(_ context.Context, x loam.Submission) (loam.Version, error) {
	s.submitted = append(s.submitted, x)
	return loam.Version{ID: "v1", Content: x.Content}, nil
}

func (s *shelf) Generated(context.Context, string, int) ([]loam.Generation, error) {
	return s.generated, nil
}

func (s *shelf) Put(data []byte) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	hash := "hash" + strconv.Itoa(len(s.blobs)+1)
	s.blobs[hash] = data
	return hash, nil
}

// desk is a stage whose drawn pages are as many pixels wide as their number says, so that
// each can be told from the others.
type desk struct {
	*Desk
	shelf *shelf
	mu    sync.Mutex
	drawn []int
}

func setup(t *testing.T) *desk {
	t.Helper()
	s := &shelf{assets: map[string]loam.Asset{}, blobs: map[string][]byte{}}
	s.work = loam.Work{ID: "w1", Owner: "ann", Revision: 3, Draft: loam.Draft{
		Kind: loam.KindShop, Title: []loam.Run{{Text: "湖边", Origin: loam.ByPerson}}, Body: []loam.Run{{Text: "买了杯子。", Origin: loam.ByPerson}},
		Tags: []string{"湖边"}, Pages: []loam.Page{{Kind: loam.PageCover, Title: "湖边", Sub: "两小时"}}, Style: "plain", Writer: "offline",
	}}
	d := &desk{shelf: s}
	d.Desk = &Desk{
		Store: s, Blobs: s, Producer: true, Clock: time.Now,
		Trace: func(_ context.Context, _, words string) ([]loam.Run, error) {
			r := loam.Run{Text: words, Origin: loam.ByPerson}
			if len(s.generated) > 0 {
				r.Origin = loam.ByModel
			}
			return []loam.Run{r}, nil
		},
		Draw: func(_ context.Context, to loam.Drawing) ([]byte, error) {
			n := to.Index
			d.mu.Lock()
			defer d.mu.Unlock()
			d.drawn = append(d.drawn, n)
			return pngOf(n+1, 2), nil
		},
		Unfit: func(loam.Draft) int { return 0 },
		Gate:  func(_ context.Context, decode func() error) error { return decode() },
		TextAI: func(draft loam.Draft, declared bool) loam.AIState {
			for _, r := range draft.Body {
				if r.Origin == loam.ByModel {
					return loam.IsAI
				}
			}
			if declared {
				return loam.MayAI
			}
			return loam.NotAI
		},
		PageAI: func(loam.Draft, []loam.Generation) func(loam.Page) loam.AIState {
			return func(loam.Page) loam.AIState { return loam.NotAI }
		},
	}
	return d
}

func choice() loam.Choice {
	return loam.Choice{Revision: 3, Uses: map[loam.Use]bool{loam.UseIndex: true}, Audience: loam.Public}
}

func pngOf(w, h int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func photoOf(t *testing.T, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, color.RGBA{uint8(x * 5), uint8(y * 7), 90, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withEXIF gives a JPEG a camera's metadata: its serial number and where it stood (EXIF
// 2.32: IFD0 with pointers to the Exif and the GPS directory), and words in a comment.
func withEXIF(b []byte) []byte {
	le := binary.LittleEndian
	entry := func(tag, kind uint16, count, value uint32) []byte {
		e := le.AppendUint16(le.AppendUint16(nil, tag), kind)
		return le.AppendUint32(le.AppendUint32(e, count), value)
	}
	dir := func(entries ...[]byte) []byte {
		return append(append(le.AppendUint16(nil, uint16(len(entries))), bytes.Join(entries, nil)...), 0, 0, 0, 0)
	}
	const first, exif, gps = 8, 8 + 2 + 2*12 + 4, 8 + (2 + 2*12 + 4) + (2 + 12 + 4)
	const data = gps + 2 + 2*12 + 4
	tiff := append([]byte("II*\x00"), le.AppendUint32(nil, first)...)
	tiff = append(tiff, dir(entry(0x8769, 4, 1, exif), entry(0x8825, 4, 1, gps))...)
	tiff = append(tiff, dir(entry(0xa431, 2, 13, data))...)                   // BodySerialNumber
	tiff = append(tiff, dir(entry(1, 2, 2, 'N'), entry(2, 5, 3, data+16))...) // GPSLatitude
	tiff = append(tiff, "SN-4711-0815\x00\x00\x00\x00"...)
	for _, v := range []uint32{30, 1, 14, 1, 31415, 1000} {
		tiff = le.AppendUint32(tiff, v)
	}
	segment := func(marker byte, data string) []byte {
		return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(data)+2)), data...)
	}
	out := append(bytes.Clone(b[:2]), segment(0xe1, "Exif\x00\x00"+string(tiff))...)
	out = append(out, segment(0xfe, "taken by Ann at home")...)
	out = append(out, b[2:]...)
	return append(out, "trailing words"...)
}

func wantCode(t *testing.T, what string, err error, kind loam.Kind, code string) {
	t.Helper()
	if loam.KindOf(err) != kind || loam.CodeOf(err) != code {
		t.Errorf("%s: got %v, want %s %q", what, err, kind, code)
	}
}

// TestAcceptStrips: what is stored has neither place nor serial number nor words, and the
// very same pixels.
func TestAcceptStrips(t *testing.T) {
	t.Parallel()
	d := setup(t)
	plain := photoOf(t, 64, 48)
	in := withEXIF(plain)
	secrets := [][]byte{[]byte("SN-4711-0815"), binary.LittleEndian.AppendUint32(nil, 31415), []byte("Exif"), []byte("taken by Ann"), []byte("trailing words")}
	for _, s := range secrets {
		if !bytes.Contains(in, s) {
			t.Fatalf("the upload does not hold %q", s)
		}
	}
	a, err := d.Accept(t.Context(), "ann", in)
	if err != nil {
		t.Fatal(err)
	}
	kept := d.shelf.blobs[a.Hash]
	for _, s := range secrets {
		if bytes.Contains(kept, s) {
			t.Errorf("%q was stored", s)
		}
	}
	want, err := jpeg.Decode(bytes.NewReader(plain))
	if err != nil {
		t.Fatal(err)
	}
	got, err := jpeg.Decode(bytes.NewReader(kept))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(want.(*image.YCbCr).Y, got.(*image.YCbCr).Y) {
		t.Error("the pixels changed")
	}
	if a.Owner != "ann" || a.Type != "image/jpeg" || a.Width != 64 || a.Height != 48 || a.Size != int64(len(kept)) || a.PHash == "" || a.AI != loam.NotAI {
		t.Errorf("asset: %+v", a)
	}
}

// TestAcceptByContent: what a file is, its bytes say; what is no picture is refused and
// nothing of it kept.
func TestAcceptByContent(t *testing.T) {
	t.Parallel()
	d := setup(t)
	if a, err := d.Accept(t.Context(), "ann", pngOf(9, 9)); err != nil || a.Type != "image/png" {
		t.Errorf("PNG: %+v, %v", a, err)
	}
	photo := photoOf(t, 64, 48)
	for name, tt := range map[string]struct {
		in   []byte
		code string
	}{
		"nothing":         {nil, "picture.type"},
		"a page":          {[]byte("<html><script>"), "picture.type"},
		"a program":       {[]byte("\x7fELF\x02\x01\x01"), "picture.type"},
		"an SVG":          {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "picture.type"},
		"a PDF":           {[]byte("%PDF-1.7\n"), "picture.type"},
		"a lying JPEG":    {append([]byte{0xff, 0xd8, 0xff}, "<html>"...), "picture.broken"},
		"a truncated one": {photo[:len(photo)/2], "picture.broken"},
		"half a PNG":      {pngOf(9, 9)[:40], "picture.broken"},
	} {
		_, err := d.Accept(t.Context(), "ann", tt.in)
		wantCode(t, name, err, loam.Invalid, tt.code)
	}
	if len(d.shelf.blobs) != 1 || len(d.shelf.assets) != 1 {
		t.Errorf("%d blobs and %d assets, want those of the one picture", len(d.shelf.blobs), len(d.shelf.assets))
	}
}

// TestAcceptKeepsLabels: an AI label survives the cleaning and is the asset's state.
func TestAcceptKeepsLabels(t *testing.T) {
	t.Parallel()
	d := setup(t)
	mark := loam.Mark{
		Label: "1", ContentProducer: "001191110102MACQD9K64010000", ProduceID: "their-1",
		ContentPropagator: "001191110102MACQD9K64010000", PropagateID: "their-1",
	}
	in, err := media.Write(withEXIF(photoOf(t, 64, 48)), mark)
	if err != nil {
		t.Fatal(err)
	}
	a, err := d.Accept(t.Context(), "ann", in)
	if err != nil {
		t.Fatal(err)
	}
	found, err := media.Read(d.shelf.blobs[a.Hash])
	if err != nil || len(found) != 1 || found[0].Mark != mark || a.AI != loam.IsAI {
		t.Errorf("asset %s, marks %+v, %v", a.AI, found, err)
	}
}

// TestSubmitFreezes: what she saw is what is frozen, and every use has its answer.
func TestSubmitFreezes(t *testing.T) {
	t.Parallel()
	d := setup(t)
	v, err := d.Submit(t.Context(), "ann", "w1", choice())
	if err != nil {
		t.Fatal(err)
	}
	c := v.Content
	if c.Work != "w1" || c.Title != "湖边" || c.Body != "买了杯子。" || c.Style != "plain" || c.Writer != "offline" || c.Share.Person != 7 {
		t.Errorf("content: %+v", c)
	}
	if c.TextAI != loam.NotAI || c.Declaration.AI || c.Declaration.Locked || c.AI() != loam.NotAI {
		t.Errorf("declaration: %+v, %s", c.Declaration, c.TextAI)
	}
	if len(c.Uses) != len(loam.Uses()) || !c.Uses[loam.UseIndex] || c.Uses[loam.UseRecommend] || c.Audience != loam.Public {
		t.Errorf("uses: %v, %s", c.Uses, c.Audience)
	}
	if s := d.shelf.submitted[0]; s.Owner != "ann" || s.Revision != 3 {
		t.Errorf("submission: %+v", s)
	}
}

// TestPicturesInOrder: pages are drawn two at a time, and stand in their order all the same;
// a photo page is the uploaded bytes.
func TestPicturesInOrder(t *testing.T) {
	t.Parallel()
	d := setup(t)
	a, err := d.Accept(t.Context(), "ann", photoOf(t, 64, 48))
	if err != nil {
		t.Fatal(err)
	}
	d.shelf.work.Draft.Pages = nil
	for i := range 8 {
		d.shelf.work.Draft.Pages = append(d.shelf.work.Draft.Pages, loam.Page{Kind: loam.PageText, Title: "页" + strconv.Itoa(i), Lines: []string{"一", "二"}})
	}
	d.shelf.work.Draft.Pages[4] = loam.Page{Kind: loam.PagePhoto, Asset: a.ID}
	d.shelf.work.Draft.Pages[6] = loam.Page{Kind: loam.PageTable, Rows: [][]string{{"价格", "35"}, {"停车", "难"}}}
	d.shelf.work.Draft.Pictures = []loam.Picture{{Asset: a.ID, Alt: "窗边的杯子"}}
	v, err := d.Submit(t.Context(), "ann", "w1", choice())
	if err != nil {
		t.Fatal(err)
	}
	refs := v.Content.Assets
	if len(refs) != 8 || len(d.shelf.submitted[0].Blobs) != 8 {
		t.Fatalf("%d pictures", len(refs))
	}
	for i, r := range refs {
		if want := "picture." + strconv.Itoa(i+1); r.Field != want {
			t.Errorf("picture %d is called %s", i+1, r.Field)
		}
		if d.shelf.submitted[0].Blobs[i].Hash != r.Hash {
			t.Errorf("picture %d: blob %s, ref %s", i+1, d.shelf.submitted[0].Blobs[i].Hash, r.Hash)
		}
		if i == 4 {
			continue
		}
		if r.Width != i+1 || r.Height != 2 || r.Type != "image/png" {
			t.Errorf("picture %d is %dx%d %s", i+1, r.Width, r.Height, r.Type)
		}
	}
	photo := refs[4]
	if photo.Hash != a.Hash || photo.Type != "image/jpeg" || photo.Width != 64 || photo.Height != 48 || photo.Alt != "窗边的杯子" {
		t.Errorf("photo: %+v, want the bytes of %+v", photo, a)
	}
	if refs[0].Alt != "页0 · 一 · 二" || refs[6].Alt != "价格 35 · 停车 难" {
		t.Errorf("alternatives: %q, %q", refs[0].Alt, refs[6].Alt)
	}
	if slices.Contains(d.drawn, 4) || len(d.drawn) != 7 {
		t.Errorf("drawn: %v", d.drawn)
	}
}

// TestStates: the states of words and pictures by what is known and what is declared; a
// declaration raises, it never lowers.
func TestStates(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name           string
		model, says    bool
		photo          loam.AIState
		text, pic, all loam.AIState
		declared, lock bool
	}{
		{"her own words", false, false, loam.NotAI, loam.NotAI, loam.NotAI, loam.NotAI, false, false},
		{"declared", false, true, loam.NotAI, loam.MayAI, loam.MayAI, loam.MayAI, true, false},
		{"declared, photo suspected", false, true, loam.SuspectedAI, loam.MayAI, loam.MayAI, loam.MayAI, true, false},
		{"declared, photo is", false, true, loam.IsAI, loam.MayAI, loam.IsAI, loam.IsAI, true, false},
		{"not declared, photo is", false, false, loam.IsAI, loam.NotAI, loam.IsAI, loam.IsAI, false, false},
		{"a model wrote, not declared", true, false, loam.NotAI, loam.IsAI, loam.NotAI, loam.IsAI, true, true},
		{"a model wrote, declared", true, true, loam.NotAI, loam.IsAI, loam.MayAI, loam.IsAI, true, true},
	} {
		d := setup(t)
		if tt.model {
			d.shelf.work.Draft.Body = []loam.Run{{Text: "模型写的。", Origin: loam.ByModel}}
		}
		d.shelf.assets["a9"] = loam.Asset{ID: "a9", Owner: "ann", Hash: "h9", Type: "image/jpeg", AI: tt.photo}
		d.shelf.work.Draft.Pages = []loam.Page{{Kind: loam.PagePhoto, Asset: "a9"}}
		c := choice()
		c.AI = tt.says
		v, err := d.Submit(t.Context(), "ann", "w1", c)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got := v.Content
		if got.TextAI != tt.text || got.Assets[0].AI != tt.pic || got.AI() != tt.all {
			t.Errorf("%s: words %s, picture %s, note %s", tt.name, got.TextAI, got.Assets[0].AI, got.AI())
		}
		if got.Declaration.AI != tt.declared || got.Declaration.Locked != tt.lock {
			t.Errorf("%s: declaration %+v", tt.name, got.Declaration)
		}
	}
}

// TestPageStates: a drawn page has the state its words give it, raised by a declaration.
func TestPageStates(t *testing.T) {
	t.Parallel()
	d := setup(t)
	d.shelf.generated = []loam.Generation{{ID: "g1"}}
	d.PageAI = func(_ loam.Draft, g []loam.Generation) func(loam.Page) loam.AIState {
		return func(loam.Page) loam.AIState {
			if len(g) == 1 {
				return loam.IsAI
			}
			return loam.NotAI
		}
	}
	c := choice()
	c.AI = true
	v, err := d.Submit(t.Context(), "ann", "w1", c)
	if err != nil || v.Content.Assets[0].AI != loam.IsAI {
		t.Errorf("got %+v, %v", v.Content.Assets, err)
	}
}

// TestSubmitRefuses: what cannot go out is refused with its reason, before anything is
// drawn or kept.
func TestSubmitRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*desk, *loam.Choice)
		owner  string
		kind   loam.Kind
		code   string
	}{
		"somebody else's":  {func(*desk, *loam.Choice) {}, "bo", loam.NotFound, "work.not_found"},
		"changed since":    {func(_ *desk, c *loam.Choice) { c.Revision = 2 }, "ann", loam.Conflict, "draft.changed"},
		"no title":         {func(d *desk, _ *loam.Choice) { d.shelf.work.Draft.Title = nil }, "ann", loam.Invalid, "draft.empty"},
		"a blank title":    {func(d *desk, _ *loam.Choice) { d.shelf.work.Draft.Title = []loam.Run{{Text: " 　\n"}} }, "ann", loam.Invalid, "draft.empty"},
		"no words":         {func(d *desk, _ *loam.Choice) { d.shelf.work.Draft.Body = nil }, "ann", loam.Invalid, "draft.empty"},
		"no page":          {func(d *desk, _ *loam.Choice) { d.shelf.work.Draft.Pages = nil }, "ann", loam.Invalid, "draft.empty"},
		"out of limits":    {func(d *desk, _ *loam.Choice) { d.Unfit = func(loam.Draft) int { return 2 } }, "ann", loam.Invalid, "draft.limits"},
		"an unknown use":   {func(_ *desk, c *loam.Choice) { c.Uses["resale"] = true }, "ann", loam.Invalid, "use.unknown"},
		"an unknown no":    {func(_ *desk, c *loam.Choice) { c.Uses["resale"] = false }, "ann", loam.Invalid, "use.unknown"},
		"unknown audience": {func(_ *desk, c *loam.Choice) { c.Audience = "friends" }, "ann", loam.Invalid, "audience.unknown"},
		"no audience":      {func(_ *desk, c *loam.Choice) { c.Audience = "" }, "ann", loam.Invalid, "audience.unknown"},
	} {
		d := setup(t)
		c := choice()
		tt.change(d, &c)
		_, err := d.Submit(t.Context(), tt.owner, "w1", c)
		wantCode(t, name, err, tt.kind, tt.code)
		if len(d.drawn) != 0 || len(d.shelf.blobs) != 0 || len(d.shelf.submitted) != 0 {
			t.Errorf("%s: %d drawn, %d kept, %d submitted", name, len(d.drawn), len(d.shelf.blobs), len(d.shelf.submitted))
		}
	}
}

// TestSubmitRefusesLate: what shows only on freezing is refused too.
func TestSubmitRefusesLate(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*desk, *loam.Choice)
		kind   loam.Kind
		code   string
	}{
		"no producer": {func(d *desk, c *loam.Choice) { d.Producer, c.AI = false, true }, loam.Conflict, "label.producer_missing"},
		"another's photo": {func(d *desk, _ *loam.Choice) {
			d.shelf.assets["a9"] = loam.Asset{ID: "a9", Owner: "bo"}
			d.shelf.work.Draft.Pages = append(d.shelf.work.Draft.Pages, loam.Page{Kind: loam.PagePhoto, Asset: "a9"})
		}, loam.NotFound, "asset.not_found"},
		"a page that cannot be drawn": {func(d *desk, _ *loam.Choice) {
			d.Draw = func(context.Context, loam.Drawing) ([]byte, error) {
				return nil, loam.Fail(loam.Invalid, "style.unknown")
			}
		}, loam.Invalid, "style.unknown"},
	} {
		d := setup(t)
		c := choice()
		tt.change(d, &c)
		_, err := d.Submit(t.Context(), "ann", "w1", c)
		wantCode(t, name, err, tt.kind, tt.code)
		if len(d.shelf.submitted) != 0 {
			t.Errorf("%s: submitted", name)
		}
	}
	d := setup(t)
	d.Producer = false
	if _, err := d.Submit(t.Context(), "ann", "w1", choice()); err != nil {
		t.Errorf("a note without AI needs no producer: %v", err)
	}
	if s := d.shelf.submitted[0].Content; strings.TrimSpace(s.Title) == "" {
		t.Error("an empty note was submitted")
	}
}

// TestRulings: a granted appeal lowers the words it was about and the state it was about;
// what pictures are called, and a stronger state found since, stay.
func TestRulings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		was  loam.AIState
		alt  string
		want loam.AIState
	}{
		{"the words", loam.IsAI, "", loam.NotAI},
		{"a description by a model", loam.IsAI, "猫在湖边", loam.IsAI},
		{"weaker then", loam.SuspectedAI, "", loam.IsAI},
	} {
		d := setup(t)
		draft := &d.shelf.work.Draft
		draft.Body = []loam.Run{{Text: "买了杯子。", Origin: loam.ByModel}}
		v, err := d.Desk.Submit(t.Context(), "ann", "w1", choice())
		if err != nil {
			t.Fatal(err)
		}
		if v.Content.TextAI != loam.IsAI {
			t.Fatalf("%s: a model's words are %q", tt.name, v.Content.TextAI)
		}
		d.shelf.rulings = map[string]loam.LabelRuling{digest(v.Content.Markdown()): {State: loam.NotAI, Was: tt.was}}
		if tt.alt != "" {
			d.shelf.generated = []loam.Generation{{}}
			d.shelf.assets["p"] = loam.Asset{ID: "p", Owner: "ann", Hash: "h", Type: "image/png", Width: 1, Height: 1, AI: loam.NotAI}
			draft.Pictures = []loam.Picture{{Asset: "p", Alt: tt.alt}}
			draft.Pages = append(draft.Pages, loam.Page{Kind: loam.PagePhoto, Asset: "p"})
		}
		if v, err = d.Desk.Submit(t.Context(), "ann", "w1", choice()); err != nil {
			t.Fatal(err)
		}
		if v.Content.TextAI != tt.want || v.Content.Declaration.Locked != (tt.want == loam.IsAI) {
			t.Errorf("%s: the words are %q, locked %v; want %q", tt.name, v.Content.TextAI, v.Content.Declaration.Locked, tt.want)
		}
	}
}
