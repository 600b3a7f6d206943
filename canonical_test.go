package loam_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"github.com/gowebpki/jcs"
	"pgregory.net/rapid"

	"loam"
)

// tree generates JSON values as Loam hashes them: any text, whole numbers, no floats.
func tree(depth int) *rapid.Generator[any] {
	leaf := rapid.OneOf(
		rapid.Just[any](nil),
		rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Map(rapid.Int64Range(-1<<53, 1<<53), func(n int64) any { return n }),
		rapid.Map(rapid.String(), func(s string) any { return s }),
	)
	if depth == 0 {
		return leaf
	}
	inner := rapid.Deferred(func() *rapid.Generator[any] { return tree(depth - 1) })
	return rapid.OneOf(
		leaf,
		rapid.Map(rapid.SliceOfN(inner, 0, 4), func(s []any) any { return append([]any{}, s...) }),
		rapid.Map(rapid.MapOfN(rapid.String(), inner, 0, 4), func(m map[string]any) any { return m }),
	)
}

func TestCanonicalAgreesWithAnotherImplementation(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := []any{tree(3).Draw(t, "value")} // jcs wants an array or object outermost
		got, err := loam.Canonical(v)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		want, err := jcs.Transform(raw)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
		again, err := loam.Canonical(json.RawMessage(got))
		if err != nil || !bytes.Equal(again, got) {
			t.Fatalf("canonical of canonical: got %s, %v, want %s", again, err, got)
		}
	})
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{
		`{"b":1,"a":[true,null,"\u20ac\u000f\n</>"]}`, `{"\ud83d\ude00":1,"\ufb33":2}`, `[-0,9007199254740992]`,
		`["\u2028\u007f"]`, `{"":{}}`, `[1.5]`, `[1e3]`, `["\ud800"]`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := loam.Canonical(json.RawMessage(raw))
		if err != nil {
			return // not JSON, or a number Loam does not hash
		}
		want, err := jcs.Transform(raw)
		if err != nil {
			return // lone surrogates, repeated keys and scalars, which jcs refuses and no struct of ours makes
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("%q\ngot  %q\nwant %q", raw, got, want)
		}
	})
}

func TestCanonicalRefusesWhatCannotBeHashed(t *testing.T) {
	t.Parallel()
	for _, v := range []any{1.5, 1e300, int64(1<<53 + 1), int64(-1<<53 - 1), func() {}, json.RawMessage("{"), json.Number("1e2")} {
		if got, err := loam.Canonical([]any{v}); err == nil {
			t.Errorf("%v: got %s, want an error", v, got)
		}
	}
}

// content is a note with something in every field, in a fixed order.
func content() loam.Content {
	return loam.Content{
		Work: "0", Number: 2, Kind: loam.KindShop, Title: "城西 <陶艺>", Body: "一\n\"二\"\t\u2028", Tags: []string{"陶艺"},
		Pages: []loam.Page{{Kind: loam.PageCover, Title: "陶"}}, Style: "plain",
		Assets: []loam.AssetRef{{Field: "picture.1", Hash: "ab", Type: "image/png", Width: 1080, Height: 1440, Alt: "杯", AI: loam.NotAI}},
		Share:  loam.Share{Person: 7}, TextAI: loam.NotAI, Writer: "offline",
		Declaration: loam.Declaration{Sponsorship: loam.OwnMoney},
		Uses:        map[loam.Use]bool{loam.UseRecommend: true, loam.UseIndex: true, loam.UseTrainText: false},
		Audience:    loam.Public,
	}
}

// TestVersionHash pins the hash: the canonical text is written here by hand, and the digest
// is what every installation must compute for ever.
func TestVersionHash(t *testing.T) {
	t.Parallel()
	text := `{"assets":[{"ai":"none","alt":"杯","field":"picture.1","hash":"ab","height":1440,"type":"image/png","width":1080}],` +
		`"audience":"public","body":"一\n\"二\"\t` + "\u2028" + `","declaration":{"ai":false,"locked":false,"sponsorship":"own"},"kind":"shop","number":2,` +
		`"pages":[{"kind":"cover","title":"陶"}],"scheduled":0,"share":{"arranged":0,"model":0,"person":7},"style":"plain",` +
		`"tags":["陶艺"],"text_ai":"none","title":"城西 <陶艺>","uses":{"index":true,"recommend":true,"train.text":false},"work":"0","writer":"offline"}`
	want := digest("loam.version.v1\n" + text)
	got, err := loam.VersionHash(content())
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		b, _ := loam.Canonical(content())
		t.Errorf("got %s of\n%s\nwant %s of\n%s", got, b, want, text)
	}
	if pinned := "8780890e409bb48a010146248d79b86bf11211f9adb90edc77dce72a71422259"; got != pinned {
		t.Errorf("got %s, want %s: hashes of stored versions would no longer hold", got, pinned)
	}
}

// TestVersionHashSeesEverything changes one field after the other.
func TestVersionHashSeesEverything(t *testing.T) {
	t.Parallel()
	changes := map[string]func(*loam.Content){
		"work":           func(c *loam.Content) { c.Work = "1" },
		"number":         func(c *loam.Content) { c.Number++ },
		"kind":           func(c *loam.Content) { c.Kind = loam.KindFood },
		"title":          func(c *loam.Content) { c.Title += "\u200b" },
		"body":           func(c *loam.Content) { c.Body += " " },
		"composed":       func(c *loam.Content) { c.Body = "e\u0301" },
		"decomposed":     func(c *loam.Content) { c.Body = "\u00e9" },
		"tags":           func(c *loam.Content) { c.Tags = append(c.Tags, "二") },
		"pages":          func(c *loam.Content) { c.Pages[0].Sub = "一" },
		"style":          func(c *loam.Content) { c.Style = "other" },
		"asset":          func(c *loam.Content) { c.Assets[0].Hash = "ac" },
		"asset ai":       func(c *loam.Content) { c.Assets[0].AI = loam.MayAI },
		"share":          func(c *loam.Content) { c.Share.Model = 1 },
		"text ai":        func(c *loam.Content) { c.TextAI = loam.IsAI },
		"writer":         func(c *loam.Content) { c.Writer = "m" },
		"declaration":    func(c *loam.Content) { c.Declaration.AI = true },
		"locked":         func(c *loam.Content) { c.Declaration.Locked = true },
		"use":            func(c *loam.Content) { c.Uses[loam.UseTrainText] = true },
		"use not chosen": func(c *loam.Content) { delete(c.Uses, loam.UseTrainText) },
		"audience":       func(c *loam.Content) { c.Audience = loam.OnlyMe },
		"scheduled":      func(c *loam.Content) { c.Scheduled = 1 },
		"sound":          func(c *loam.Content) { c.Sound = &loam.SoundRef{Hash: "ad"} },
		"another sound":  func(c *loam.Content) { c.Sound = &loam.SoundRef{Hash: "ae"} },
		"sound ai":       func(c *loam.Content) { c.Sound = &loam.SoundRef{Hash: "ad", AI: loam.MayAI} },
		"sound name":     func(c *loam.Content) { c.Sound = &loam.SoundRef{Hash: "ad", Name: "夏夜"} },
	}
	seen := map[string]string{}
	for name, change := range changes {
		c := content()
		change(&c)
		h, err := loam.VersionHash(c)
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[h]; ok {
			t.Errorf("%s and %s have one hash", name, other)
		}
		seen[h] = name
	}
	if h, _ := loam.VersionHash(content()); seen[h] != "" {
		t.Errorf("a change of %s is not seen", seen[h])
	}
}

func TestReleaseHash(t *testing.T) {
	t.Parallel()
	labels := []loam.Label{{Field: "picture.1", Result: "cd"}, {Field: "picture.2", Result: "ef"}}
	got, err := loam.ReleaseHash("ab", labels, "内容由AI生成", 5)
	if err != nil {
		t.Fatal(err)
	}
	want := digest("loam.release.v1\n" + `{"assets":["picture.1:cd","picture.2:ef"],"label":"内容由AI生成","scheduled":5,"version":"ab"}`)
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if pinned := "f6aea388dffe2ad7332c7afc335dfe3ddfc9a559f7a87f78706347b3c4541ff1"; got != pinned {
		t.Errorf("got %s, want %s: stored confirmations would no longer hold", got, pinned)
	}
	others := map[string]string{got: "itself"}
	for name, h := range map[string]func() (string, error){
		"another version":   func() (string, error) { return loam.ReleaseHash("ac", labels, "内容由AI生成", 5) },
		"other label words": func() (string, error) { return loam.ReleaseHash("ab", labels, "", 5) },
		"another time":      func() (string, error) { return loam.ReleaseHash("ab", labels, "内容由AI生成", 0) },
		"fewer assets":      func() (string, error) { return loam.ReleaseHash("ab", labels[:1], "内容由AI生成", 5) },
		"no assets":         func() (string, error) { return loam.ReleaseHash("ab", nil, "内容由AI生成", 5) },
		"assets in exchange": func() (string, error) {
			return loam.ReleaseHash("ab", []loam.Label{labels[1], labels[0]}, "内容由AI生成", 5)
		},
	} {
		h, err := h()
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := others[h]; ok {
			t.Errorf("%s hashes like %s", name, other)
		}
		others[h] = name
	}
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func TestPlainJoinsRuns(t *testing.T) {
	t.Parallel()
	got := loam.Plain([]loam.Run{{Text: "一"}, {}, {Text: "二\n"}})
	if want := "一二\n"; got != want || loam.Plain(nil) != "" || strings.Count(got, "") != 4 {
		t.Errorf("got %q, want %q", got, want)
	}
}
