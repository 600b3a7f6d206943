package terms

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loam"
	"loam/internal/c2pa"
)

func diff(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// decided is a work on which the ledger says yes to some uses and no to the rest.
func decided(until int64, yes ...loam.Use) Work {
	w := Work{
		URL: "https://loam.example/w/1", Owner: "林 & <Lin>", Licence: "https://loam.example/w/1/terms",
		Contact: "mailto:ask@loam.example", Media: []Medium{Text, Image}, Domain: "example.loam",
	}
	for _, u := range loam.Uses() {
		p := loam.Permission{Use: u, Allowed: slices.Contains(yes, u)}
		if p.Allowed {
			p.Until = until
		}
		w.Permissions = append(w.Permissions, p)
	}
	return w
}

func allTraining() []loam.Use { return training(nil, Media()) }

// The telling states.
var states = []string{"nothing", "search only", "retrieve too", "all training", "everything for a year with attribution"}

func telling() []Work {
	found := []loam.Use{loam.UseIndex, loam.UseRecommend}
	quoted := append(slices.Clone(found), loam.UseRetrieve)
	year := decided(time.Date(2027, 11, 27, 8, 0, 0, 0, time.UTC).UnixMilli(), loam.Uses()...)
	year.Attribution = loam.Uses()
	return []Work{decided(0), decided(0, found...), decided(0, quoted...), decided(0, append(quoted, allTraining()...)...), year}
}

// table compares what a vocabulary says of each telling state.
func table[T any](t *testing.T, say func(w *Work) T, want ...T) {
	t.Helper()
	for i, w := range telling() {
		diff(t, states[i], want[i], say(&w))
	}
}

func TestContentUsage(t *testing.T) {
	t.Parallel()
	table(t, (*Work).ContentUsage,
		"search=n, ai-use=n, train-ai=n", "search=y, ai-use=n, train-ai=n", "search=y, ai-use=y, train-ai=n",
		"search=y, ai-use=y, train-ai=y", "search=n, ai-use=n, train-ai=n")
}

func TestContentSignal(t *testing.T) {
	t.Parallel()
	table(t, (*Work).ContentSignal,
		"search=no, ai-input=no, ai-train=no", "search=yes, ai-input=no, ai-train=no", "search=yes, ai-input=yes, ai-train=no",
		"search=yes, ai-input=yes, ai-train=yes", "search=no, ai-input=no, ai-train=no")
}

func TestCAWG(t *testing.T) {
	t.Parallel()
	yes, no := c2pa.Use{Use: c2pa.Allowed}, c2pa.Use{Use: c2pa.NotAllowed}
	maybe := c2pa.Use{Use: c2pa.Constrained, Constraints: "before 2027-11-27; attribution to 林 & <Lin>; https://loam.example/w/1/terms"}
	entries := func(inference, training, own, mining c2pa.Use) map[string]c2pa.Use {
		return map[string]c2pa.Use{
			c2pa.UseInference: inference, c2pa.UseGenerative: training, c2pa.UseTraining: training, c2pa.UseMining: mining,
			"example.loam.style": own, "example.loam.voice": own, "example.loam.likeness": own,
		}
	}
	table(t, (*Work).CAWG, entries(no, no, no, no), entries(no, no, no, no), entries(yes, no, no, no),
		entries(yes, yes, no, no), entries(maybe, maybe, maybe, maybe))
	w := decided(0)
	w.Domain = ""
	for _, use := range c2pa.Uses() {
		if _, ok := w.CAWG()[use]; !ok || len(w.CAWG()) != len(c2pa.Uses()) {
			t.Errorf("without a domain there are %v", w.CAWG())
		}
	}
}

func TestRSL(t *testing.T) {
	t.Parallel()
	doc := func(licences string) string {
		return `<?xml version="1.0" encoding="UTF-8"?>
<rsl xmlns="https://rslstandard.org/rsl">
  <content url="https://loam.example/w/1">
    <copyright>林 &amp; &lt;Lin&gt;</copyright>
    <terms>https://loam.example/w/1/terms</terms>
` + licences + "  </content>\n</rsl>\n"
	}
	licence := func(permits, prohibits, payment string) string {
		return "    <license>\n" + permits + prohibits + payment + "      <legal type=\"contact\">mailto:ask@loam.example</legal>\n    </license>\n"
	}
	usage := func(name, list string) string {
		return "      <" + name + ` type="usage">` + list + "</" + name + ">\n"
	}
	free := "      <payment type=\"free\"/>\n"
	nothing := doc(licence("", usage("prohibits", "all"), ""))
	table(t, func(w *Work) string { return string(w.RSL()) }, nothing,
		doc(licence(usage("permits", "search"), usage("prohibits", "ai-index ai-input ai-train"), free)),
		doc(licence(usage("permits", "search ai-index ai-input"), usage("prohibits", "ai-train"), free)),
		doc(licence(usage("permits", "search ai-index ai-input ai-train"), "", free)), nothing)

	named := decided(0, loam.UseIndex, loam.UseRetrieve)
	named.Attribution = []loam.Use{loam.UseRetrieve}
	diff(t, "answers name her", doc(
		licence(usage("permits", "search"), usage("prohibits", "ai-train"), free)+
			licence(usage("permits", "ai-index ai-input"), usage("prohibits", "ai-train"),
				"      <payment type=\"attribution\"><standard>https://loam.example/w/1/terms</standard></payment>\n")), string(named.RSL()))
}

func TestTDMRep(t *testing.T) {
	t.Parallel()
	reserved := [2]string{"1", "https://loam.example/w/1/terms"}
	table(t, func(w *Work) [2]string {
		r, p := w.TDMHeader()
		return [2]string{r, p}
	}, reserved, reserved, reserved, reserved, reserved)

	whole := decided(0, loam.Uses()...)
	if r, p := whole.TDMHeader(); r != "0" || p != "" {
		t.Errorf("everything allowed: %q %q", r, p)
	}
	other := decided(0)
	other.URL += "0"
	diff(t, "the file of two works",
		`[{"location":"/w/1$","tdm-reservation":0},{"location":"/","tdm-policy":"https://loam.example/terms","tdm-reservation":1}]`,
		string(TDMRep([]Work{whole, other, {}}, "https://loam.example/terms")))
}

func TestRobots(t *testing.T) {
	t.Parallel()
	head := func(signal, usage string) string {
		return "User-agent: *\nContent-Signal: " + signal + "\nContent-Usage: / " + usage + "\n"
	}
	no, found := head("search=no, ai-input=no, ai-train=no", "search=n, ai-use=n, train-ai=n"), head("search=yes, ai-input=no, ai-train=no", "search=y, ai-use=n, train-ai=n")
	quoted, trained := head("search=yes, ai-input=yes, ai-train=no", "search=y, ai-use=y, train-ai=n"), head("search=yes, ai-input=yes, ai-train=yes", "search=y, ai-use=y, train-ai=y")
	licence := "License: https://loam.example/rsl.xml\n"
	table(t, func(w *Work) string { return string(Robots([]Work{*w}, "https://loam.example/rsl.xml")) },
		no+licence, found+licence, quoted+licence, trained+licence, no+licence)

	works := telling()
	for i := range works {
		works[i].URL = fmt.Sprintf("https://loam.example/w/%d", i)
	}
	diff(t, "all of them", found+"Disallow: /w/0\nDisallow: /w/4\n"+
		"Content-Usage: /w/2$ search=y, ai-use=y, train-ai=n\nContent-Usage: /w/3$ search=y, ai-use=y, train-ai=y\n", string(Robots(works, "")))
	diff(t, "none", no, string(Robots(nil, "")))
	rest := head("ai-input=no, ai-train=no", "ai-use=n, train-ai=n")
	diff(t, "some of them", rest+"Disallow: /w/0\nDisallow: /w/4\nContent-Usage: /w/1$ search=y, ai-use=n, train-ai=n\n"+
		"Content-Usage: /w/2$ search=y, ai-use=y, train-ai=n\nContent-Usage: /w/3$ search=y, ai-use=y, train-ai=y\n", string(RobotsOfSome(works)))
	diff(t, "none of them", rest, string(RobotsOfSome(nil)))
}

// TestOnePlace: two works at one place have what both have, whichever comes first, and a work
// at no place opens none.
func TestOnePlace(t *testing.T) {
	t.Parallel()
	whole, part, lost, closed := decided(0, loam.Uses()...), decided(0, loam.UseIndex), decided(0, loam.Uses()...), decided(0, loam.UseIndex)
	part.URL = "http://LOAM.example/%77/1#x"
	lost.URL = "nowhere"
	closed.URL = "https://loam.example/w/2"
	for _, works := range [][]Work{{whole, part, closed, lost}, {lost, closed, part, whole}} {
		diff(t, "robots.txt", "User-agent: *\nContent-Signal: search=yes, ai-input=no, ai-train=no\nContent-Usage: / search=y, ai-use=n, train-ai=n\n", string(Robots(works, "")))
		diff(t, "tdmrep.json", `[{"location":"/","tdm-reservation":1}]`, string(TDMRep(works, "")))
	}
}

// TestRobotsHasALimit: a file longer than what crawlers read would hide its end.
func TestRobotsHasALimit(t *testing.T) {
	t.Parallel()
	many := func(w Work) []Work {
		works := []Work{decided(0, loam.UseIndex)}
		for i := range 20_000 {
			w.URL = fmt.Sprintf("https://loam.example/works/of/somebody/%d", i)
			works = append(works, w)
		}
		return works
	}
	for name, w := range map[string]Work{"open": decided(0, loam.UseIndex, loam.UseRetrieve), "closed": decided(0)} {
		works := many(w)
		b := Robots(works, "https://loam.example/rsl.xml")
		if len(b) > maxRobots || !strings.HasSuffix(string(b), "License: https://loam.example/rsl.xml\n") {
			t.Errorf("%s: %d bytes", name, len(b))
		}
		s, _ := ReadRobots(b, works[len(works)-1].URL, nil)
		for u, heard := range s {
			if heard.Answer == Allow && !free(&works[len(works)-1], u) {
				t.Errorf("%s: the last work is opened for %s", name, u)
			}
		}
	}
}

func TestUnlistedAndDoubtful(t *testing.T) {
	t.Parallel()
	y, n := loam.Permission{Use: loam.UseTrainText, Allowed: true}, loam.Permission{Use: loam.UseTrainText}
	for _, tt := range []struct {
		name string
		w    Work
		want bool
	}{
		{"one medium, allowed", Work{Media: []Medium{Text}, Permissions: []loam.Permission{y}}, true},
		{"one medium twice", Work{Media: []Medium{Text, Text}, Permissions: []loam.Permission{y}}, true},
		{"a medium that is not allowed", Work{Media: []Medium{Text, Audio}, Permissions: []loam.Permission{y}}, false},
		{"media unknown", Work{Permissions: []loam.Permission{y}}, false},
		{"a medium nobody knows", Work{Media: []Medium{"smell"}, Permissions: []loam.Permission{y}}, false},
		{"yes and no", Work{Media: []Medium{Text}, Permissions: []loam.Permission{y, n}}, false},
		{"no and yes", Work{Media: []Medium{Text}, Permissions: []loam.Permission{n, y}}, false},
		{"undecided", Work{Media: []Medium{Text}}, false},
		{"for money", Work{Media: []Medium{Text}, Permissions: []loam.Permission{y}, Paid: []loam.Use{loam.UseTrainText}}, false},
	} {
		if got := strings.HasSuffix(tt.w.ContentUsage(), "train-ai=y"); got != tt.want {
			t.Errorf("%s: train-ai is %t", tt.name, got)
		}
	}
}
