package gateway

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"loam"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func readAll(s string) (text string, tokens int64, err error) {
	var out strings.Builder
	tokens, err = read(strings.NewReader(s), func() {}, func(piece string) error {
		out.WriteString(piece)
		return nil
	})
	return out.String(), tokens, err
}

func line(content string) string {
	raw, _ := json.Marshal(content)
	return `data: {"choices":[{"delta":{"content":` + string(raw) + "}}]}\n\n"
}

func TestRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in, text, code string
		tokens               int64
	}{
		{"whole", line("你") + line("好") + "data: [DONE]\n\n", "你好", "", 0},
		{"finish reason", line("好") + `data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"total_tokens":7}}` + "\n\n", "好", "", 7},
		{"less than nothing", line("好") + `data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"total_tokens":-100000000}}` + "\n\n", "好", "", 0},
		{"comments", ": keep-alive\n\nevent: x\n" + line("好") + "data:[DONE]\n", "好", "", 0},
		{"empty", "", "", "model.cut", 0},
		{"cut", line("好"), "好", "model.cut", 0},
		{"garbage", line("好") + "data: <html>\n", "好", "model.garbage", 0},
		{"error", line("好") + `data: {"error":{"message":"x"}}` + "\n", "好", "model.failed", 0},
		{"endless line", "data: " + strings.Repeat("x", maxLine+1), "", "model.garbage", 0},
	} {
		text, tokens, err := readAll(c.in)
		if code := loam.CodeOf(err); text != c.text || tokens != c.tokens || (err != nil) != (c.code != "") || err != nil && code != c.code {
			t.Errorf("%s: got %q, %d, %v; want %q, %d, %q", c.name, text, tokens, err, c.text, c.tokens, c.code)
		}
	}
}

// FuzzRead: whatever a server sends, what reaches a person is valid text, and an end that
// was not announced is an error.
func FuzzRead(f *testing.F) {
	f.Add(line("你好。") + "data: [DONE]\n")
	f.Add("data: {\"choices\":[{\"delta\":{\"content\":\"\\ud800\"}}]}\n")
	f.Add("data: {}\ndata: null\ndata: [")
	f.Fuzz(func(t *testing.T, s string) {
		text, _, err := readAll(s)
		if !utf8.ValidString(text) {
			t.Errorf("invalid text %q", text)
		}
		if err == nil && !strings.Contains(s, "[DONE]") && !strings.Contains(strings.ToLower(s), "finish_reason") {
			t.Errorf("an unannounced end was no error")
		}
	})
}

// TestSentencesLeakNothing: however a text with a forbidden word is cut into pieces, no
// byte of the word is kept, and everything kept is a prefix of the text.
func TestSentencesLeakNothing(t *testing.T) {
	t.Parallel()
	const word = "违禁词"
	rapid.Check(t, func(r *rapid.T) {
		clean := rapid.StringOfN(rapid.RuneFrom([]rune("今天去湖边走走。！\nab，")), 0, 40, -1)
		text := clean.Draw(r, "before") + word + clean.Draw(r, "after") + "。"
		kept := ""
		s := &sentences{scan: func(t string) bool { return !strings.Contains(t, word) }, keep: func(all string) error {
			kept = all
			return nil
		}}
		var err error
		for rest := text; rest != "" && err == nil; {
			n := rapid.IntRange(1, len(rest)).Draw(r, "cut")
			err = s.write(rest[:n])
			rest = rest[n:]
		}
		if err == nil {
			err = s.end()
		}
		if err == nil {
			r.Fatalf("%q passed", text)
		}
		if !strings.HasPrefix(text, kept) || len(kept) > strings.Index(text, word) {
			r.Fatalf("kept %q of %q", kept, text)
		}
	})
}
