package intake

import (
	"context"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"testing"

	"loam"
)

// TestVisibleMark: a picture on which a visible label can be read is suspected, and why is on
// record; words about AI are no label.
func TestVisibleMark(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]loam.AIState{
		"":              loam.NotAI,
		"湖边咖啡\n内容由AI生成": loam.SuspectedAI,
		"本图由人工智能合成":     loam.SuspectedAI,
		"AI 生成":         loam.SuspectedAI,
		"图片疑似AI生成":      loam.SuspectedAI,
		"AI播客":          loam.NotAI,
		"虚拟主播":          loam.NotAI,
		"AIGC":          loam.NotAI,
		"CHAIR 生成":      loam.NotAI,
		"三步学会用AI工具快速生成你的第一张封面": loam.NotAI,
	} {
		d := setup(t)
		d.Read = func(context.Context, []byte) (string, error) { return words, nil }
		a, err := d.Accept(t.Context(), "ann", pngOf(20, 20))
		if err != nil || a.AI != want {
			t.Errorf("%q: %s, %v, want %s", words, a.AI, err, want)
		}
		if (want == loam.SuspectedAI) != (len(a.Signs) == 1 && a.Signs[0].Kind == "visible") {
			t.Errorf("%q: on record is %+v", words, a.Signs)
		}
	}
}

// TestRulingsLower: what a reviewer ruled on exactly these bytes lowers the state that
// machines gave them, her own declaration raises it again, and other bytes keep theirs.
func TestRulingsLower(t *testing.T) {
	t.Parallel()
	freeze := func(rulings map[string]loam.LabelRuling, declared bool) loam.Content {
		t.Helper()
		d := setup(t)
		d.shelf.rulings = rulings
		d.shelf.work.Draft.Body = []loam.Run{{Text: "模型写的。", Origin: loam.ByModel}}
		d.shelf.assets["p"] = loam.Asset{ID: "p", Owner: "ann", Hash: "photo", Type: "image/png", AI: loam.SuspectedAI}
		d.shelf.work.Draft.Pages = append(d.shelf.work.Draft.Pages, loam.Page{Kind: loam.PagePhoto, Asset: "p"})
		v, err := d.Submit(t.Context(), "ann", "w1", loam.Choice{Revision: 3, AI: declared, Audience: loam.Public})
		if err != nil {
			t.Fatal(err)
		}
		return v.Content
	}
	before := freeze(nil, false)
	if before.TextAI != loam.IsAI || !before.Declaration.Locked || before.Assets[1].AI != loam.SuspectedAI {
		t.Fatalf("before any ruling: %s, %+v, %+v", before.TextAI, before.Declaration, before.Assets[1])
	}
	text := map[string]loam.LabelRuling{digest(before.Markdown()): {State: loam.NotAI, Was: loam.IsAI}}
	if c := freeze(text, false); c.TextAI != loam.NotAI || c.Declaration.Locked || c.Declaration.AI || c.Assets[1].AI != loam.SuspectedAI {
		t.Errorf("a ruling on the words: %s, %+v, photo %s", c.TextAI, c.Declaration, c.Assets[1].AI)
	}
	if c := freeze(text, true); c.TextAI != loam.MayAI {
		t.Errorf("her word after a ruling: %s", c.TextAI)
	}
	if c := freeze(map[string]loam.LabelRuling{"photo": {State: loam.NotAI, Was: loam.SuspectedAI}}, false); c.TextAI != loam.IsAI || c.Assets[1].AI != loam.NotAI {
		t.Errorf("a ruling on the photo: %s, photo %s", c.TextAI, c.Assets[1].AI)
	}
	if c := freeze(map[string]loam.LabelRuling{"another": {State: loam.NotAI, Was: loam.IsAI}}, false); c.TextAI != loam.IsAI || c.Assets[1].AI != loam.SuspectedAI {
		t.Errorf("a ruling on other bytes: %s, photo %s", c.TextAI, c.Assets[1].AI)
	}
}

// TestForeignLabels: two labels of an upload that do not agree are both on record as they
// stood, with what is wrong with them; the picture goes on with the stronger state.
func TestForeignLabels(t *testing.T) {
	t.Parallel()
	weak := `{"Label":"3","ContentProducer":"somebody else","ProduceID":"a","ReservedCode1":"","ContentPropagator":"x","PropagateID":"b","ReservedCode2":""}`
	strong := `{"Label":"1","ContentProducer":"Them"`
	data := pngOf(20, 20)
	for _, raw := range []string{weak, strong} {
		body := append([]byte("tEXtAIGC\x00"), raw...)
		chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
		chunk = binary.BigEndian.AppendUint32(append(chunk, body...), crc32.ChecksumIEEE(body))
		data = slices.Concat(data[:33], chunk, data[33:])
	}
	a, err := setup(t).Accept(t.Context(), "ann", data)
	if err != nil || a.AI != loam.IsAI || len(a.Signs) != 2 {
		t.Fatalf("%s, %+v, %v", a.AI, a.Signs, err)
	}
	for _, raw := range []string{weak, strong} {
		i := slices.IndexFunc(a.Signs, func(s loam.Sign) bool { return s.Raw == raw })
		if i < 0 || !slices.Contains(a.Signs[i].Defects, "duplicate") {
			t.Errorf("of %s is on record: %+v", raw, a.Signs)
		}
	}
}
