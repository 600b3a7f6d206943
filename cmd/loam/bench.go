package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"loam"
	"loam/internal/label"
	"loam/internal/media"
	"loam/internal/parts"
	"loam/internal/policy"
	"loam/internal/render"
	"loam/internal/screen"
	"loam/internal/studio"
	"loam/internal/text"
	"loam/internal/web"
)

// benchCmd measures one part, on one core, as it runs in the server. What it works on is
// made up from a fixed seed: two machines measure the same work.
type benchCmd struct {
	partsFolder
	Name string `arg:"" optional:"" help:"What to measure; --list names it all."`
	N    int    `short:"n" help:"How many operations; as many as fit in two seconds if not given." placeholder:"N"`
	List bool   `help:"List what can be measured, a line each."`
	JSON bool   `help:"One JSON object; the output is never anything else."`
}

// measured is one line of output. A unit is what the operation works through (characters,
// notes); NsPerUnit is NsPerOp divided by how many of them an operation has.
type measured struct {
	Name        string  `json:"name"`
	About       string  `json:"about"`
	N           int     `json:"n"`
	NsPerOp     int64   `json:"ns_per_op"`
	P50         int64   `json:"p50_ns"`
	P99         int64   `json:"p99_ns"`
	OpsPerSec   float64 `json:"ops_per_second"`
	Unit        string  `json:"unit"`
	UnitsPerOp  int     `json:"units_per_op"`
	NsPerUnit   float64 `json:"ns_per_unit"`
	BytesPerOp  uint64  `json:"bytes_per_op"`
	AllocsPerOp uint64  `json:"allocs_per_op"`
	CPUs        int     `json:"cpus"`
	Go          string  `json:"go"`
	Platform    string  `json:"platform"`
}

// benchmark prepares an operation. Units counts what one operation works through.
type benchmark struct {
	name, about, unit string
	prepare           func() (op func() error, units int, err error)
}

// benchmarks lists what can be measured.
func benchmarks() []benchmark {
	return []benchmark{
		{"argon", "one password check at sign-in (argon2id, 19 MiB, 2 passes)", "password", benchArgon},
		{"cover", "title to PNG, 1080×1440", "cover", benchCover},
		{"disguises", "65,000 phrases through every layer of disguise", "character", benchDisguises},
		{"draft", "idea to draft by the offline writer", "character", benchDraft},
		{"draft.1000", "1,000 characters to a draft", "character", func() (func() error, int, error) { return benchDraftOf(1000) }},
		{"draft.50000", "an article of 50,000 characters to its first note", "character", func() (func() error, int, error) { return benchDraftOf(50_000) }},
		{"fold", "folding layers 1 to 5, written out", "character", benchFold},
		{"label", "a 150 KB JPEG signed in memory and read back", "picture", benchLabel},
		{"label.proved", "the same through the label stage, which also compares every pixel", "picture", benchProved},
		{"phrases", "folding and 65,000 phrases in one pass", "character", benchPhrases},
		{"screen", "a whole note through every local text detector and the policy", "note", benchScreen},
		{"sign", "a 150 KB JPEG signed in memory", "picture", benchSign},
	}
}

// Run measures and prints one JSON object.
func (c *benchCmd) Run(a *app) error {
	eyes := parts.Open(parts.Config{Dir: c.Parts})
	defer eyes.Close()
	all := append(benchmarks(), pictureBenchmarks(a.ctx, eyes)...)
	if c.List {
		for _, b := range all {
			fmt.Fprintf(a.out, "%-14s %s\n", b.name, b.about)
		}
		return nil
	}
	i := slices.IndexFunc(all, func(b benchmark) bool { return b.name == c.Name })
	switch {
	case c.Name == "":
		return fmt.Errorf("%w: say what to measure; --list names it all", errUse)
	case i < 0:
		return fmt.Errorf("%w: nothing called %q can be measured; --list names what can", errUse, c.Name)
	case c.N < 0:
		return fmt.Errorf("%w: --n is %d", errUse, c.N)
	}
	m, err := all[i].measure(a.ctx, c.N)
	if err != nil {
		return err
	}
	return a.json(m)
}

// measure runs the operation once to warm up, then n times, or for two seconds if n is 0.
func (b benchmark) measure(ctx context.Context, n int) (measured, error) {
	op, units, err := b.prepare()
	if err != nil {
		return measured{}, err
	}
	if err := op(); err != nil {
		return measured{}, err
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	took := make([]int64, 0, max(n, 1000))
	begin := time.Now()
	for len(took) < n || n == 0 && time.Since(begin) < 2*time.Second {
		if err := ctx.Err(); err != nil {
			return measured{}, err
		}
		start := time.Now()
		if err := op(); err != nil {
			return measured{}, err
		}
		took = append(took, time.Since(start).Nanoseconds())
	}
	total := time.Since(begin)
	runtime.ReadMemStats(&after)
	slices.Sort(took)
	n = len(took)
	perOp := float64(total.Nanoseconds()) / float64(n)
	return measured{
		Name: b.name, About: b.about, N: n, NsPerOp: int64(perOp), P50: took[n/2], P99: took[n*99/100],
		OpsPerSec: round(1e9 / perOp), Unit: b.unit, UnitsPerOp: units, NsPerUnit: round(perOp / float64(units)),
		BytesPerOp: (after.TotalAlloc - before.TotalAlloc) / uint64(n), AllocsPerOp: (after.Mallocs - before.Mallocs) / uint64(n),
		CPUs: runtime.NumCPU(), Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
	}, nil
}

// round keeps two decimals.
func round(f float64) float64 { return float64(int64(f*100+0.5)) / 100 }

// benchIdea is a paste as creators write them; benchBody a body near the platform's limit.
const benchIdea = `周六去了湖边新开的陶艺工作室，人均128元，两小时，老师一对一
拉坯比想的难，第三次才立起来；杯子要等三周才能烧好
地铁2号线湖滨站C口走8分钟，周末要提前一天约
适合带孩子，不适合穿白色衣服`

const benchBody = `周六去了湖边新开的陶艺工作室，人均128元，两小时，老师一对一。说实话我去之前没抱什么希望，上次在商场里玩的那家，二十分钟就催人，杯底还是老师捏的。这家不一样，进门先喝茶，等上一组收完泥才叫你。
拉坯比想的难，第三次才立起来。手一抖，整个杯子就歪到一边去，我都快要放弃了，老师说没事，把泥拍回去再来。她也不抢着上手，只是把我的胳膊肘按在膝盖上，说你稳住这里，别的交给轮子。真的，就这一句，后面就好了。
釉色可以自己挑，一共十二种，墙上有烧好的小片对着看。我选了雾蓝，同去的朋友选了米白，她说蓝色太挑菜。要是做盘子，就要加三十块，因为占地方。手柄是另外搓的，粘上去以前要划几道，不然烧的时候会掉，这个我以前不知道。
杯子要等三周才能烧好，可以寄，也可以自己去拿。我问了会不会裂，她说十个里面总有一个，裂了就免费重做一次，但是你得再跑一趟。店里还有一只橘猫，不怕人，趴在窗台上看你做，偶尔伸个懒腰，尾巴扫到泥里去。
地铁2号线湖滨站C口走8分钟，过了桥右手边第二个门，没有招牌，只有一盏黄灯。开车的话别往里面开，巷子窄，又不好掉头，停在对面的商场，一小时六块。周末要提前一天约，周三下午几乎没有人，一个人也可以拼桌。
适合带孩子，五岁以上比较好，太小的坐不住。不适合穿白色衣服，围裙只挡得住前面，袖子该脏还是脏。指甲最好剪短，戒指手表先收起来，他们有小盒子。我做完手干得厉害，记得自己带一支护手霜。
总的来说值不值？如果你只想拍照，那不值，因为两个小时里有一个半小时手上都是泥。如果你想安安静静做一件事，什么都不想，那我觉得很值。下个月我打算再去一次，做两只一样大的碗，这回先练练胳膊。`

func benchDraft() (func() error, int, error) {
	return func() error {
		_, err := studio.Arrange(studio.Input{Idea: benchIdea})
		return err
	}, utf8.RuneCountInString(benchIdea), nil
}

// benchDraftOf is a draft of so many characters, in lines of about 130.
func benchDraftOf(n int) (func() error, int, error) {
	long := []rune(strings.Repeat(benchIdea+"\n", n/50+1))[:n]
	idea := string(long)
	return func() error {
		_, err := studio.Arrange(studio.Input{Idea: idea})
		return err
	}, n, nil
}

func benchCover() (func() error, int, error) {
	pen, err := newPen()
	styles := render.Styles()
	n := 0
	return func() error {
		style := styles[n%len(styles)]
		n++
		img, err := pen.Cover(style, loam.Page{Title: "湖边陶艺工作室☕️两小时做一个杯子", Sub: "人均128元"})
		if err != nil {
			return err
		}
		return render.Encode(io.Discard, img)
	}, 1, err
}

func benchFold() (func() error, int, error) {
	note := benchBody
	return func() error {
		if len(text.Fold(note).Units) == 0 {
			return errors.New("nothing is left of the note")
		}
		return nil
	}, utf8.RuneCountInString(note), nil
}

// madeUp are phrases of two to six characters that nobody listed.
func madeUp(n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]string, n)
	for i := range out {
		phrase := make([]rune, 2+r.IntN(5))
		for k := range phrase {
			phrase[k] = rune(0x4E00 + r.IntN(6000))
		}
		out[i] = string(phrase)
	}
	return out
}

const benchList = 65_000

// benchMachine is the automaton of benchList phrases.
func benchMachine() *text.Automaton {
	list := make([]text.Phrase, 0, benchList)
	for _, p := range madeUp(benchList) {
		list = append(list, text.Phrase{Text: p})
	}
	return text.Compile(list)
}

func benchPhrases() (func() error, int, error) {
	machine, note := benchMachine(), benchBody
	return func() error {
		for m := range machine.All(note) {
			if m.End <= m.Start {
				return errors.New("an empty match")
			}
		}
		return nil
	}, utf8.RuneCountInString(note), nil
}

func benchDisguises() (func() error, int, error) {
	machine, note := benchMachine(), benchBody
	disguises := machine.Disguises()
	return func() error {
		for m := range machine.All(note) {
			if m.End <= m.Start {
				return errors.New("an empty match")
			}
		}
		for h := range disguises.Find(note) {
			if h.End <= h.Start {
				return errors.New("an empty hit")
			}
		}
		return nil
	}, utf8.RuneCountInString(note), nil
}

func manyPhrases() []loam.Phrase {
	list := make([]loam.Phrase, 0, benchList)
	for _, s := range madeUp(benchList) {
		list = append(list, loam.Phrase{Text: s, Risk: loam.Abuse, Tier: loam.TierSignal})
	}
	return list
}

func benchScreen() (func() error, int, error) {
	p, err := policy.Parse(policy.Default())
	if err != nil {
		return nil, 0, err
	}
	s := screen.New(screen.Config{Policy: p, Phrases: manyPhrases(), Store: noRecords{}, Clock: time.Now})
	v := loam.Version{ID: "v", Owner: "a", Content: loam.Content{
		Kind: loam.KindShop, Title: "湖边陶艺两小时", Body: benchBody, Tags: []string{"陶艺", "周末去哪", "湖边"}, TextAI: loam.NotAI,
	}}
	for range 6 {
		v.Content.Pages = append(v.Content.Pages, loam.Page{Kind: loam.PageText, Lines: strings.Split(benchIdea, "\n")})
	}
	return func() error {
		_, err := s.Screen(context.Background(), v)
		return err
	}, 1, nil
}

// noRecords is a community without earlier notes.
type noRecords struct{}

func (noRecords) NearTexts(context.Context, string, []uint64, int) ([]loam.Version, error) {
	return nil, nil
}

func (noRecords) SharedPassages(context.Context, string, []uint64, int) ([]loam.Version, error) {
	return nil, nil
}

func (noRecords) SameStructure(context.Context, string, []uint64, int64, int) ([]loam.Alike, error) {
	return nil, nil
}

func (noRecords) EachPicture(context.Context, int64, func(string, int64) error) error { return nil }

func (noRecords) PicturesOf(context.Context, string, []string, int) ([]loam.PictureHash, error) {
	return nil, nil
}

func (noRecords) DeniedSounds(context.Context) ([]loam.DeniedSound, error) { return nil, nil }

func (noRecords) Account(context.Context, string) (loam.Account, error) { return loam.Account{}, nil }
func (noRecords) History(context.Context, string) (int, int, error)     { return 0, 0, nil }

// benchPhoto is a JPEG of about 150 KB: noise in steps as coarse as it takes, on patches
// that leave something to compare.
func benchPhoto() ([]byte, error) {
	r := rand.New(rand.NewPCG(3, 4))
	var patches [12][16]uint8
	for i := range patches {
		for k := range patches[i] {
			patches[i][k] = uint8(r.IntN(90))
		}
	}
	img := image.NewRGBA(image.Rect(0, 0, 1080, 1440))
	for y := range 1440 {
		for x := range 1080 {
			v := uint8(x/16+y/32+r.IntN(42)) + patches[x/90][y/90]
			img.SetRGBA(x, y, color.RGBA{v, v / 2, 255 - v, 255})
		}
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 70})
	return b.Bytes(), err
}

var benchMark = loam.Mark{
	Label: "1", ContentProducer: demoProducer, ProduceID: "0", ContentPropagator: demoProducer, PropagateID: "0",
}

func benchSign() (func() error, int, error) {
	photo, err := benchPhoto()
	return func() error {
		_, err := media.Write(photo, benchMark)
		return err
	}, 1, err
}

func benchLabel() (func() error, int, error) {
	photo, err := benchPhoto()
	return func() error {
		out, err := media.Write(photo, benchMark)
		if err != nil {
			return err
		}
		found, err := media.Read(out)
		if err == nil && (len(found) != 1 || !found[0].Strict() || found[0].Mark != benchMark) {
			err = errors.New("the label read back differs")
		}
		return err
	}, 1, err
}

func benchProved() (func() error, int, error) {
	photo, err := benchPhoto()
	return func() error {
		_, _, err := label.File(photo, label.Options{State: loam.IsAI, Producer: demoProducer, ContentID: "0"})
		return err
	}, 1, err
}

func benchArgon() (func() error, int, error) {
	return func() error {
		if web.HashPassword("a long enough password") == "" {
			return errors.New("no hash")
		}
		return nil
	}, 1, nil
}
