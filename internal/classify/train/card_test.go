package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the figures into docs/data-card.md")

func percent(s share) string {
	return fmt.Sprintf("%.1f %% [%.1f–%.1f]", 100*s.Is, 100*s.Low, 100*s.High)
}

// figuresTable is metrics.json as the data card shows it.
func figuresTable(m metrics) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Weights `%s`, %d bytes.\n\n", m.Weights[:12], m.Bytes)
	fmt.Fprintf(&b, "| COLD, `discrimination` | n | AUC | macro-F1 at 0.5 | calibration error (ECE) |\n| --- | --- | --- | --- | --- |\n")
	row := func(name string, q quality, interval string) {
		fmt.Fprintf(&b, "| %s | %d | %.3f | %.3f%s | %.3f |\n", name, q.N, q.AUC, q.MacroF1, interval, q.ECE)
	}
	row("train, near-duplicates grouped", m.Held.Grouped, "")
	for _, topic := range []string{"race", "region", "gender"} {
		row("train, "+topic+" left out", m.Held.Topics[topic], "")
	}
	row("dev, the finished weights", m.Dev.quality, fmt.Sprintf(" [%.3f–%.3f]", m.Dev.Interval[0], m.Dev.Interval[1]))
	fmt.Fprintf(&b, "\nDev has a prevalence of %.1f %%. At %.2f the finished weights find %s of its offensive comments and %s of the others.\n\n",
		100*m.Dev.Prevalence, act("discrimination"), percent(m.Dev.Recall), percent(m.Dev.Alarm))
	fmt.Fprintf(&b, "| output | harmful | ordinary | AUC | recall at 0.5 | alarm at 0.5 | acts from | recall there | known group | alarm there |\n%s\n",
		"| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
	for _, h := range m.Heads {
		known := percent(h.Known)
		if h.Known.Of == 0 {
			known = "–"
		}
		fmt.Fprintf(&b, "| `%s` | %d | %d | %.3f | %s | %s | %.2f | %s | %s | %s |\n",
			h.Risk, h.Harm, h.Fine, h.AUC, percent(h.Recall), percent(h.Alarm), h.Act, percent(h.RecallAct), known, percent(h.AlarmAct))
	}
	fmt.Fprintf(&b, "\n| ordinary texts, all outputs together | n | reported (0.5) | acted on |\n| --- | --- | --- | --- |\n")
	alarm := func(name string, a alarms) {
		fmt.Fprintf(&b, "| %s | %d | %s | %s |\n", name, a.Floor.Of, percent(a.Floor), percent(a.Act))
	}
	alarm("`ordinary.yaml`, held out", m.Ordinary)
	alarm("COLD dev, inoffensive", m.Dev.Anything)
	for _, s := range m.Benign {
		alarm(s.Set+" (measured only)", s.alarms)
	}
	return b.String()
}

func TestDataCard(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../metrics.json")
	if err != nil {
		t.Fatal(err)
	}
	var m metrics
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	const path, from, to = "../../../docs/data-card.md", "<!-- figures -->\n", "<!-- /figures -->"
	card, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(card), from)
	shown, after, ok2 := strings.Cut(rest, to)
	if !ok || !ok2 {
		t.Fatal("the card has no place for figures")
	}
	want := figuresTable(m)
	if *update {
		if err := os.WriteFile(path, []byte(before+from+want+to+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if shown != want {
		t.Errorf("docs/data-card.md shows other figures than metrics.json; make golden rewrites them. Got:\n%s\nwant:\n%s", shown, want)
	}
}
