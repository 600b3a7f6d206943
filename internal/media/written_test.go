package media

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// What is read without a parser is what the parser reads.
func TestWrittenPacketsAreReadAlike(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.OneOf(
			rapid.Just(`{"Label":"1","ContentProducer":"a<b>&\"'","ProduceID":"n"}`),
			rapid.StringOf(rapid.SampledFrom([]rune("{}\":,<>&;'#34AIGC/ \n\r\té\u00a0\x00\ufffd"))),
		).Draw(t, "raw")
		term := rapid.SampledFrom([]string{
			"", "trainedAlgorithmicMedia", "digitalCapture", "a b",
			`x</Iptc4xmpExt:DigitalSourceType ><TC260:AIGC xmlns:TC260="` + nsAIGC + `">{"Label":"1"}</TC260:AIGC><Iptc4xmpExt:DigitalSourceType xmlns:Iptc4xmpExt="` + nsIPTC + `">x`,
		}).Draw(t, "term")
		b, err := xmpWrite(nil, raw, term)
		if err != nil {
			t.Fatal(err)
		}
		walked, err := xmpWalk(b)
		if err != nil {
			t.Fatal(err)
		}
		fast, ok := written(b)
		if !ok {
			return // more than entities stood in it; the parser reads it
		}
		if got, want := values(fast), values(walked); !cmp.Equal(got, want) {
			t.Fatal(cmp.Diff(want, got))
		}
	})
	for _, term := range []string{"", "trainedAlgorithmicMedia"} {
		b, err := xmpWrite(nil, `{"Label":"1","ContentProducer":"沃土 & \"co\""}`, term)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := written(b); !ok {
			t.Error("a packet of our own takes the parser", term)
		}
		if _, ok := written(append(b, ' ')); ok {
			t.Error("a packet with more behind it was taken for ours", term)
		}
	}
}

// values is what a packet says, less where it stands.
func values(p packet) [2][][3]string {
	var out [2][][3]string
	for i, list := range [2][]hit{p.hits, p.sources} {
		for _, h := range list {
			out[i] = append(out[i], [3]string{h.attr, h.space, string(h.value)})
		}
	}
	return out
}
