package screen

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loam"
	"loam/internal/media"
	"loam/internal/policy"
)

const note = "周末去了城西新开的陶艺工作室，老师很耐心，从揉泥开始教，两个小时能做一只杯子。釉色可以自己选，我选了雾蓝，" +
	"烧好大概要三周，可以寄到家里。店里有猫，不怕人，会趴在转盘旁边看你做。建议提前一天约，周六下午人最多。"

// records is a Store of values; err fails every question.
type records struct {
	near              []loam.Version
	pictures          []loam.PictureHash
	denied            []loam.DeniedSound
	built             []onRecord
	gone              map[string]bool // versions nobody can see any more
	created           int64
	released, refused int
	err               error
}

func (r *records) NearTexts(context.Context, string, []uint64, int) ([]loam.Version, error) {
	return r.near, r.err
}

func (r *records) SharedPassages(context.Context, string, []uint64, int) ([]loam.Version, error) {
	return r.near, r.err
}

func (r *records) SameStructure(_ context.Context, owner string, bands []uint64, since int64, least int) ([]loam.Alike, error) {
	var out []loam.Alike
	for _, a := range r.built {
		n := 0
		for i, b := range bands {
			if i < len(a.bands) && a.bands[i] == b {
				n++
			}
		}
		if n >= least && a.Owner != owner && a.At >= since {
			a.Bands = n
			out = append(out, a.Alike)
		}
	}
	return out, r.err
}

func (r *records) EachPicture(_ context.Context, since int64, f func(string, int64) error) error {
	for i, p := range r.pictures {
		if at := int64(i); at >= since && r.err == nil {
			if err := f(p.Hash, at); err != nil {
				return err
			}
		}
	}
	return r.err
}

func (r *records) PicturesOf(_ context.Context, owner string, hashes []string, _ int) ([]loam.PictureHash, error) {
	var out []loam.PictureHash
	for _, p := range r.pictures {
		if slices.Contains(hashes, p.Hash) && (p.Owner != owner || p.Denied != "") && !r.gone[p.Version] {
			out = append(out, p)
		}
	}
	return out, r.err
}

func (r *records) DeniedSounds(context.Context) ([]loam.DeniedSound, error) { return r.denied, r.err }

func (r *records) Account(context.Context, string) (loam.Account, error) {
	return loam.Account{Created: r.created}, r.err
}

func (r *records) History(context.Context, string) (int, int, error) {
	return r.released, r.refused, r.err
}

// onRecord is how one note on record is built.
type onRecord struct {
	loam.Alike
	bands []uint64
}

type bundle struct {
	store  *records
	config Config
}

func setup(t testing.TB) *bundle {
	t.Helper()
	p, err := policy.Parse(policy.Default())
	if err != nil {
		t.Fatal(err)
	}
	b := &bundle{store: &records{}}
	b.config = Config{
		Policy: p, Store: b.store, Clock: func() time.Time { return time.UnixMilli(5) },
		Phrases: []loam.Phrase{{Text: "代开发票", Risk: loam.Fraud, Tier: loam.TierBlock}, {Text: "六四三", Risk: loam.Abuse, Tier: loam.TierBlock}},
	}
	return b
}

func version() loam.Version {
	return loam.Version{
		ID: "v1", Owner: "me", SubmittedAt: 30 * 24 * 3600 * 1000,
		Content: loam.Content{Kind: loam.KindDaily, Title: "周末做陶", Body: note, Tags: []string{"陶艺", "周末"}, Pages: []loam.Page{{Kind: loam.PageCover, Title: "周末做陶"}}},
	}
}

func judged(t *testing.T, b *bundle, v loam.Version) (loam.Verdict, string) {
	t.Helper()
	r, err := New(b.config).Screen(context.Background(), v)
	if err != nil {
		t.Fatal(err)
	}
	var places []string
	for _, f := range r.Verdict.Findings {
		if f.Detector != "classifier" { // learned anew by every make train
			places = append(places, fmt.Sprintf("%s %s %q", f.Detector, f.Field, f.Text))
		}
	}
	return r.Verdict, strings.Join(places, "; ")
}

func TestScreenFields(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		change func(*loam.Content)
		action loam.Action
		places string
	}{
		{"clean", func(*loam.Content) {}, loam.Allow, ""},
		{"title", func(c *loam.Content) { c.Title = "沃土测试违禁词" }, loam.Block, `phrases title "沃土测试违禁词"`},
		{"body, disguised", func(c *loam.Content) { c.Body = "可以代\u200b開ＦＡ發票，代開\u200b發票" }, loam.Block, `hidden body ""; phrases body "代開\u200b發票"`},
		{"tag", func(c *loam.Content) { c.Tags[1] = "沃土测试复核词" }, loam.Review, `phrases tags.1 "沃土测试复核词"`},
		{"page", func(c *loam.Content) { c.Pages[0].Lines = []string{"一", "代开发票"} }, loam.Block, `phrases page.1 "代开发票"`},
		{"table", func(c *loam.Content) { c.Pages[0].Rows = [][]string{{"电话", "13812345678"}} }, loam.LimitReach, `contacts page.1 "13812345678"`},
		{"description", func(c *loam.Content) { c.Assets = []loam.AssetRef{{Field: "picture.1", Alt: "加VX：potter88"}} }, loam.Review, `contacts picture.1 "加VX：potter88"`},
		{"a listed number in words", func(c *loam.Content) { c.Body = "六四三二一" }, loam.Block, `phrases body "六四三"`},
		{"a listed number in digits is another", func(c *loam.Content) { c.Body = "643元" }, loam.Allow, ""},
		{"invisible characters", func(c *loam.Content) { c.Body = strings.Repeat("好\u200b看", 9) }, loam.Review, `hidden body ""`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := version()
			c.change(&v.Content)
			verdict, places := judged(t, setup(t), v)
			if verdict.Action != c.action || places != c.places {
				t.Errorf("got %s for %s, want %s for %s", verdict.Action, places, c.action, c.places)
			}
		})
	}
}

func TestScreenCopies(t *testing.T) {
	t.Parallel()
	const other = "给第一次租房的朋友列一份清单，看房先看水压和朝向，签约前拍下每个房间，押金条单独写明退还时间，水电表读数写进合同。"
	const more = "搬家那天请两个人就够，箱子按房间编号，床垫最后上车最先下车。新小区的快递柜在东门，垃圾分四类，晚上九点以后不能装修。" +
		"物业费按季度交，宽带要提前三天报装，师傅周末不来。楼下菜市场早上六点开门，豆腐和青菜最好，卖鱼的那家收摊前打八折。" +
		"第一个月别急着添家具，住一阵才知道缺什么，二手群里常有人搬走，书桌椅子半价就能拿到，自己叫车去拉。"
	passage := string([]rune(note)[10:90])
	cases := []struct {
		name, body string
		action     loam.Action
		kind       string
		place      string
	}{
		{"a word changed", strings.Replace(note, "雾蓝", "米白", 1), loam.Review, "whole", ""},
		{"an excerpt", other + passage + more, loam.Review, "excerpt", passage},
		{"the whole in a longer one", other + more + note, loam.Review, "excerpt", note[:len(note)-len("。")]},
		{"a phrase", other + "建议提前一天约，周六下午人最多。", loam.Allow, "", ""},
		{"nothing", other, loam.Allow, "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			earlier := version()
			earlier.ID, earlier.Owner, earlier.Work = "v0", "another", "w0"
			mine := earlier
			mine.Owner = "me"
			b.store.near = []loam.Version{mine, earlier}
			v := version()
			v.Content.Title, v.Content.Body = "今天的记录", c.body
			verdict, _ := judged(t, b, v)
			if c.kind == "" {
				if verdict.Action != c.action || len(verdict.Findings) != 0 {
					t.Errorf("got %s for %+v", verdict.Action, verdict.Findings)
				}
				return
			}
			if verdict.Action != c.action || len(verdict.Findings) != 1 {
				t.Fatalf("got %s for %+v", verdict.Action, verdict.Findings)
			}
			f := verdict.Findings[0]
			if f.Facts["kind"] != c.kind || f.Facts["work"] != "w0" || c.place != "" && (f.Field != "body" || c.body[f.Start:f.End] != c.place) {
				t.Errorf("got %+v, of %q", f, c.body[f.Start:f.End])
			}
		})
	}
}

func TestScreenHistory(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.store.refused = 3
	v := version()
	v.Content.Body += "想要的私我哦"
	verdict, places := judged(t, b, v)
	if verdict.Action != loam.Review || !strings.Contains(places, "account") {
		t.Errorf("got %s for %s", verdict.Action, places)
	}
}

type broken struct {
	local
	panics bool
}

func (broken) About() About { return About{Name: "broken", Version: "1", Cost: 7} }

func (b broken) Detect(context.Context, Input) ([]loam.Finding, error) {
	if b.panics {
		panic("out of order")
	}
	return nil, errors.New("out of order")
}

// A detector that cannot look sends the note to a person, whatever the reason.
func TestMissingDetectors(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*bundle){
		"[broken]":                        func(b *bundle) { b.config.More = []Detector{broken{}} },
		"[broken] ":                       func(b *bundle) { b.config.More = []Detector{broken{panics: true}} },
		"[account copies flood]":          func(b *bundle) { b.store.err = errors.New("gone") },
		"[account copies flood pictures]": func(b *bundle) { b.config.Store = nil; b.config.Picture = zeros },
		"[limits]":                        func(b *bundle) { b.config.Limits = func(loam.Content) []loam.Finding { panic("bad") } },
	} {
		b := setup(t)
		change(b)
		heard := 0
		b.config.Failed = func(context.Context, string, error) { heard++ }
		v := version()
		v.Content.Assets = []loam.AssetRef{{Field: "picture.2"}}
		verdict, _ := judged(t, b, v)
		if got := fmt.Sprint(verdict.Missing); got != strings.TrimSpace(name) || verdict.Action != loam.Review || heard != len(verdict.Missing) {
			t.Errorf("missing %s (%d heard), %s; want %s and review", got, heard, verdict.Action, name)
		}
	}
}

// reader reads the same words off every picture, or is not installed.
type reader struct {
	local
	words string
}

func (reader) About() About {
	return About{Name: "reader", Version: "3", Cost: 40, Within: time.Minute}
}

func (r reader) Read(_ context.Context, in Input) (out []Field, err error) {
	if r.words == "" {
		return nil, fmt.Errorf("reader: %w", ErrAbsent)
	}
	for _, p := range in.Pictures {
		out = append(out, Field{p.Field + ".read", r.words})
	}
	return out, nil
}

// What stands in a picture is screened as what stands in the text; a reader that is not
// installed is named, and stops nothing.
func TestReaders(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"這裡代開發票": "block [] reader 3 40: phrases picture.1.read \"代開發票\"",
		"":       "allow [reader] : ",
	} {
		b := setup(t)
		b.config.Readers = []Reader{reader{words: words}}
		s := New(b.config)
		v := version()
		v.Content.Assets = []loam.AssetRef{{Field: "picture.1", Shows: []string{"x"}}}
		r, err := s.Screen(context.Background(), v)
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprint(r.Verdict.Action, " ", r.Verdict.Absent, " ")
		for _, l := range r.Verdict.Looks {
			if l.Detector == "reader" {
				got += fmt.Sprint("reader ", l.Version, " ", l.Cost)
			}
		}
		got += ": "
		for _, f := range r.Verdict.Findings {
			if f.Detector == "phrases" {
				got += fmt.Sprintf("%s %s %q", f.Detector, f.Field, f.Text)
			}
		}
		if got != want || len(r.Verdict.Missing) > 0 {
			t.Errorf("got  %s\nwant %s; missing %v", got, want, r.Verdict.Missing)
		}
		var cost int64
		for _, l := range r.Verdict.Looks {
			cost += l.Cost
		}
		if cost != r.Verdict.Cost {
			t.Errorf("the looks cost %d, the verdict says %d", cost, r.Verdict.Cost)
		}
	}
}

// The operator sees what each detector did and what ails it.
func TestStatus(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.config.More = []Detector{broken{}}
	b.config.Readers = []Reader{reader{}}
	s := New(b.config)
	for range 3 {
		if _, err := s.Screen(context.Background(), version()); err != nil {
			t.Fatal(err)
		}
	}
	got := map[string]Status{}
	for _, d := range s.Detectors(context.Background()) {
		got[d.Name] = d
	}
	if d := got["broken"]; d.Looks != 3 || d.Failed != 3 || d.Cost != 0 || d.Trouble != "out of order" {
		t.Errorf("broken: %+v", d)
	}
	if d := got["phrases"]; d.Looks != 3 || d.Failed != 0 || d.Health != nil {
		t.Errorf("phrases: %+v", d)
	}
	if _, ok := got["reader"]; !ok || len(got) != 13 {
		t.Errorf("%d detectors", len(got))
	}
}

func zeros(context.Context, string) (string, error) { return media.PDQ{Quality: 90}.String(), nil }

func TestUseSwaps(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := New(b.config)
	if v := s.Text(context.Background(), "1", "新词"); v.Action != loam.Allow || v.ID != "1" {
		t.Fatalf("got %+v", v)
	}
	s.Use(b.config.Policy, []loam.Phrase{{Text: "新词", Risk: loam.Abuse, Tier: loam.TierBlock}})
	if v := s.Text(context.Background(), "2", "新词"); v.Action != loam.Block {
		t.Errorf("after the swap: %s", v.Action)
	}
	if s.Passes("新\u200b词") || !s.Passes("旧词") {
		t.Error("Passes is wrong")
	}
}

func TestEnded(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := New(setup(t).config).Screen(ctx, version()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestReadPhrases(t *testing.T) {
	t.Parallel()
	list, empty, err := ReadPhrases(strings.NewReader("\ufeff发票\tfraud\tblock\r\n\n\u200b \tabuse\tsignal\n#x \"y\tabuse\treview\n发票\tfraud\tblock\n末\tabuse\tsignal"))
	if err != nil {
		t.Fatal(err)
	}
	want := []loam.Phrase{
		{Text: "发票", Risk: loam.Fraud, Tier: loam.TierBlock, Source: "file"},
		{Text: "#x \"y", Risk: loam.Abuse, Tier: loam.TierReview, Source: "file"},
		{Text: "末", Risk: loam.Abuse, Tier: loam.TierSignal, Source: "file"},
	}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{2, 3}, empty); diff != "" {
		t.Error(diff)
	}
	for in, code := range map[string]string{
		"词\tabuse":                         "phrases.line",
		"词":                                "phrases.line",
		"词\tabuse\tblock\tmore":            "phrases.line",
		"\xff\tabuse\tblock":               "phrases.line",
		"词\x00\tabuse\tblock":              "phrases.line",
		"\xed\xa0\x80\tabuse\tblock":       "phrases.line",
		strings.Repeat("词", maxPhraseLine): "phrases.line",
		"词\tabuse\tblock\n词\tbad\tblock":   "phrases.risk",
		"词\tabuse\tBLOCK":                  "phrases.tier",
		"词\tabuse \tblock":                 "phrases.risk",
	} {
		if _, _, err := ReadPhrases(strings.NewReader(in)); loam.CodeOf(err) != code {
			t.Errorf("%.30q: got %v, want %s", in, err, code)
		}
	}
}

// Megabytes of anything cost bounded time and memory, and what is too much goes to a person.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := 1; i < 60; i++ {
		b.config.Phrases = append(b.config.Phrases, loam.Phrase{Text: strings.Repeat("一", i), Risk: loam.Abuse, Tier: loam.TierSignal})
	}
	s := New(b.config)
	const size = 2 << 20
	for name, c := range map[string]struct {
		unit string
		want loam.Action
	}{
		"marks":      {"\u0301", loam.Allow},
		"zero width": {"\u200b", loam.Allow},
		"expansion":  {"ﷺ", loam.Allow},
		"phrases":    {"一", loam.Review},
		"contacts":   {"加v 私我 ", loam.Review},
		"digits":     {"1-", loam.Allow},
		"hosts":      {"a.", loam.Allow},
		"invalid":    {"\xe4\xb8", loam.Allow},
	} {
		if v := s.Text(context.Background(), "", strings.Repeat(c.unit, size/len(c.unit))); v.Action != c.want || len(v.Findings) > 2*maxFindings {
			t.Errorf("%s: %s with %d findings, want %s", name, v.Action, len(v.Findings), c.want)
		}
	}
}

func FuzzText(f *testing.F) {
	p, err := policy.Parse(policy.Default())
	if err != nil {
		f.Fatal(err)
	}
	s := New(Config{Policy: p})
	for _, seed := range []string{"", "沃土测试违禁词", "沃\u200b土測試违禁词加VX：potter88", "\xff", "㍿"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		for _, x := range s.Text(context.Background(), "", in).Findings {
			if x.Start < 0 || x.End < x.Start || x.End > len(in) || x.Score < 0 || x.Score > 1 || len(x.Text) > 200 {
				t.Fatalf("%q: %+v", in, x)
			}
		}
	})
}

// TestPhotosOfDrawnPages: a page that shows photos is compared by them, not by its arrangement.
func TestPhotosOfDrawnPages(t *testing.T) {
	t.Parallel()
	c := loam.Content{
		Pages: []loam.Page{
			{Kind: loam.PageCover, Photos: []loam.Photo{{Asset: "a"}, {Asset: "b"}}}, {Kind: loam.PageText}, {Kind: loam.PagePhoto, Asset: "c"},
		},
		Assets: []loam.AssetRef{
			{Field: "picture.1", Hash: "drawn", Shows: []string{"first", "second"}}, {Field: "picture.2", Hash: "words"}, {Field: "picture.3", Hash: "whole"},
		},
	}
	got := ""
	for _, a := range photos(c) {
		got += a.Field + "=" + a.Hash + " "
		if p := pageOf(a.Field); p != "picture.1" && p != "picture.3" {
			t.Errorf("%s is of %s", a.Field, p)
		}
	}
	if want := "picture.1=first picture.1.2=second picture.3=whole "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
