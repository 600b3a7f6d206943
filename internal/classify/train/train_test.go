package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"loam"
	"loam/internal/classify"
)

func TestExpand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line string
		want []string
	}{
		{"没有选择", []string{"没有选择"}},
		{"〔早|晚〕上好", []string{"早上好", "晚上好"}},
		{"〔a|b〕和〔1|2〕", []string{"a和1", "b和2", "a和2", "b和1"}},
		{"〔a|b|c〕〔1〕", []string{"a1", "b1", "c1", "a1"}[:3]},
	} {
		if diff := cmp.Diff(c.want, expand(c.line)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.line, diff)
		}
	}
	if n := len(expand("〔a|b|c|d|e〕〔1|2|3|4|5〕〔x|y〕")); n != mostVariants {
		t.Errorf("%d variants, want %d", n, mostVariants)
	}
}

func TestParseExamples(t *testing.T) {
	t.Parallel()
	got, err := parseExamples("fraud", []byte("- group: 甲\n  also: [diversion]\n  unsure: [rumor]\n  harm: [一]\n  fine: [二]\n"))
	want := []example{
		{text: "一", group: "fraud/甲", harm: []loam.Risk{loam.Fraud, loam.Diversion}, unsure: []loam.Risk{loam.Rumor}},
		{text: "二", group: "fraud/甲", mixed: 1},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(example{}, vector{})); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for name, raw := range map[string]string{"nonsense": "- group: 甲", "fraud": "- gruop: 甲"} {
		if _, err := parseExamples(name, []byte(raw)); err == nil {
			t.Errorf("%s %q is read", name, raw)
		}
	}
}

// Every risk that is taught has enough groups to leave one out, and enough sentences.
func TestExamples(t *testing.T) {
	t.Parallel()
	own, err := ownExamples("../examples")
	if err != nil {
		t.Fatal(err)
	}
	harm, groups, fine := map[loam.Risk]int{}, map[loam.Risk]map[string]bool{}, 0
	said := map[string]string{}
	for _, e := range own {
		if said[e.text] != "" {
			t.Errorf("%q is in %s and %s", e.text, said[e.text], e.group)
		}
		said[e.text] = e.group
		if len(e.harm) == 0 {
			fine++
		}
		for _, r := range e.harm {
			if harm[r]++; groups[r] == nil {
				groups[r] = map[string]bool{}
			}
			groups[r][e.group] = true
		}
	}
	for r, n := range harm {
		least := 60
		if r == loam.Discrimination {
			least = 40 // COLD teaches it
		}
		if n < least || len(groups[r]) < 4 || len(groups[r]) > folds {
			t.Errorf("%s: %d harmful sentences in %d groups", r, n, len(groups[r]))
		}
	}
	if fine < 1000 || len(harm) > classify.MaxHeads {
		t.Errorf("%d ordinary sentences for %d risks", fine, len(harm))
	}
}

func TestReadCOLD(t *testing.T) {
	t.Parallel()
	write := func(rows string) string {
		path := filepath.Join(t.TempDir(), "c.csv")
		if err := os.WriteFile(path, []byte("\ufeff,split,topic,label,TEXT\n"+rows), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const long = "这是一条很长很长的评论，里面说了许多许多的话，一句接着一句，没有什么意思也没有停下来"
	got, err := readCOLD(write("1,train,race,1," + long + "\n2,train,region,0,别的话\n3,train,race,0," + long + "啊\n4,train,race,0,别的话\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got[0].harm) != 1 || got[1].harm != nil || got[1].topic != "region" {
		t.Errorf("read %+v", got[:2])
	}
	if got[0].group != got[2].group || got[1].group != got[3].group || got[0].group == got[1].group || got[0].fold != got[2].fold {
		t.Errorf("groups %s %s %s %s", got[0].group, got[1].group, got[2].group, got[3].group)
	}
	for _, bad := range []string{"1,train,race,2,字\n", "1,train,race,1\n"} {
		if _, err := readCOLD(write(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
	if _, err := readCOLD(filepath.Join(t.TempDir(), "none.csv")); err == nil {
		t.Error("no file, no error")
	}
}

// A dozen sentences are learned, and learned to the same bits again.
func TestLearn(t *testing.T) {
	t.Parallel()
	own, err := ownExamples("../examples")
	if err != nil {
		t.Fatal(err)
	}
	few := own[:0:0]
	for _, e := range own {
		if strings.HasPrefix(e.group, "gambling/") || strings.HasPrefix(e.group, "discrimination/") {
			few = append(few, e)
		}
	}
	cold := []example{}
	for i, e := range few {
		if strings.HasPrefix(e.group, "discrimination/") {
			c := example{text: e.text, group: fmt.Sprint(i), topic: []string{"gender", "race", "region"}[i%3], cold: true, fold: i % folds}
			if len(e.harm) > 0 {
				c.harm = []loam.Risk{loam.Discrimination}
			}
			cold = append(cold, c)
		}
	}
	one, figures, err := learn(cold, few, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	two, _, err := learn(cold, few, io.Discard)
	if err != nil || string(one) != string(two) {
		t.Errorf("trained twice, two models: %v", err)
	}
	m, err := classify.Parse(one)
	if err != nil {
		t.Fatal(err)
	}
	right, n := 0, 0
	for _, e := range few {
		for _, r := range m.Score(e.text) {
			if r.Risk == loam.Gambling && strings.HasPrefix(e.group, "gambling/") {
				n, right = n+1, right+count(len(e.harm) > 0 == (r.P >= floor))
			}
		}
	}
	if n == 0 || right*100 < n*95 {
		t.Errorf("%d of %d sentences it has seen are right", right, n)
	}
	if f := figures.Heads[1]; f.Risk != loam.Gambling || f.AUC < 0.8 {
		t.Errorf("%+v", f)
	}
}

func TestPlatt(t *testing.T) {
	t.Parallel()
	var v []scored
	random := uint64(7)
	for range 20_000 {
		random = random*6364136223846793005 + 1442695040888963407
		x := float64(random>>40)/(1<<24)*6 - 3
		random = random*6364136223846793005 + 1442695040888963407
		v = append(v, scored{x, float64(random>>40)/(1<<24) < classify.Logistic(2*x-1), 1})
	}
	slope, offset := platt(v)
	if math.Abs(slope-2) > 0.1 || math.Abs(offset+1) > 0.1 {
		t.Errorf("slope %.3f, offset %.3f, want 2 and -1", slope, offset)
	}
}

func TestMeasures(t *testing.T) {
	t.Parallel()
	v := []scored{{0.1, false, 1}, {0.4, true, 1}, {0.35, false, 1}, {0.8, true, 1}}
	if got := auc(v); got != 1 {
		t.Errorf("AUC %v, want 1", got)
	}
	if got := auc([]scored{{0.5, true, 1}, {0.5, false, 1}, {0.2, false, 1}}); got != 0.75 {
		t.Errorf("AUC with a tie %v, want 0.75", got)
	}
	if got := macroF1(v, 0.5); math.Abs(got-(2.0/3+0.8)/2) > 1e-12 {
		t.Errorf("macro-F1 %v", got)
	}
	if got := calibrationError([]scored{{0.75, true, 1}, {0.75, true, 1}, {0.75, true, 1}, {0.75, false, 1}}); got != 0 {
		t.Errorf("ECE %v, want 0", got)
	}
	if got, want := newShare(8, 10), (share{10, 0.8, 0.4902, 0.9433}); got != want {
		t.Errorf("share %v, want %v", got, want)
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 10_000).Draw(t, "n")
		s := newShare(rapid.IntRange(0, n).Draw(t, "k"), n)
		if s.Low < 0 || s.High > 1 || s.Low > s.Is || s.High < s.Is {
			t.Fatalf("%+v", s)
		}
	})
}

// The recorded figures of COLD dev and the benign sets are those of the weights in the
// repository, and hold what the project promises.
func TestRecorded(t *testing.T) {
	t.Parallel()
	data := os.Getenv("LOAM_SHARED_DATA")
	if data == "" {
		t.Skip("LOAM_SHARED_DATA names no shared data")
	}
	var recorded, now metrics
	raw, err := os.ReadFile("../metrics.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &recorded); err != nil {
		t.Fatal(err)
	}
	made, err := os.ReadFile("../weights.bin")
	if err != nil {
		t.Fatal(err)
	}
	if err := now.measure(data, made); err != nil {
		t.Fatal(err)
	}
	all := cmp.AllowUnexported(devShare{}, quality{}, benign{}, alarms{})
	if diff := cmp.Diff(recorded.Dev, now.Dev, all); diff != "" {
		t.Errorf("COLD dev (-recorded +now):\n%s", diff)
	}
	if diff := cmp.Diff(recorded.Benign, now.Benign, all); diff != "" {
		t.Errorf("benign (-recorded +now):\n%s", diff)
	}
	t.Logf("COLD dev: macro-F1 %.4f, ECE %.4f, n %d, prevalence %.3f", now.Dev.MacroF1, now.Dev.ECE, now.Dev.N, now.Dev.Prevalence)
	if now.Dev.MacroF1 < 0.80 || now.Dev.ECE > 0.05 {
		t.Errorf("macro-F1 %.4f, want 0.80; ECE %.4f, want at most 0.05", now.Dev.MacroF1, now.Dev.ECE)
	}
	for _, b := range now.Benign {
		t.Logf("%s: acts on %.4f of %d", b.Set, b.Act.Is, b.Act.Of)
		if b.Act.Is > 0.015 {
			t.Errorf("%s: acts on %.4f", b.Set, b.Act.Is)
		}
	}
}
