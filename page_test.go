package loam_test

import (
	"slices"
	"strings"
	"testing"

	"loam"
)

func TestPageCheck(t *testing.T) {
	t.Parallel()
	photo := loam.Photo{Asset: "a"}
	for name, tt := range map[string]struct {
		page loam.Page
		code string
	}{
		"good":            {loam.Page{Kind: loam.PageCover, Photos: []loam.Photo{{Asset: "a", Crop: &loam.Crop{W: 1000, H: 1000}}}, Layout: loam.LayoutFramed, Print: loam.PrintOil, Callouts: []loam.Callout{{X: 1000, Text: "这里"}}}, ""},
		"no kind":         {loam.Page{}, "page.kind"},
		"no such layout":  {loam.Page{Kind: loam.PageCover, Layout: "spiral"}, "page.layout"},
		"no such print":   {loam.Page{Kind: loam.PageCover, Print: "某位画家"}, "page.print"},
		"five photos":     {loam.Page{Kind: loam.PageCover, Photos: slices.Repeat([]loam.Photo{photo}, 5)}, "page.photos"},
		"crop outside":    {loam.Page{Kind: loam.PageCover, Photos: []loam.Photo{{Crop: &loam.Crop{X: 1, W: 1000, H: 10}}}}, "page.crop"},
		"crop of nothing": {loam.Page{Kind: loam.PageCover, Photos: []loam.Photo{{Crop: &loam.Crop{W: 0, H: 10}}}}, "page.crop"},
		"crop overflows":  {loam.Page{Kind: loam.PageCover, Photos: []loam.Photo{{Crop: &loam.Crop{X: 1 << 62, W: 1 << 62, H: 1}}}}, "page.crop"},
		"point outside":   {loam.Page{Kind: loam.PageCover, Callouts: []loam.Callout{{Y: 1001}}}, "page.callout"},
		"long point":      {loam.Page{Kind: loam.PageCover, Callouts: []loam.Callout{{Text: strings.Repeat("长", 41)}}}, "page.callout"},
	} {
		err := tt.page.Check()
		if tt.code == "" && err != nil || tt.code != "" && loam.CodeOf(err) != tt.code {
			t.Errorf("%s: got %v, want %q", name, err, tt.code)
		}
	}
	for accent, ok := range map[string]bool{"": true, "#2f7d4f": true, "#ABCDEF": true, "2f7d4f": false, "#2f7d4": false, "#2f7d4g": false, "#-1ffff": false, "#+1ffff": false, "#红色": false} {
		if err := (loam.Brand{Accent: accent}).Check(); (err == nil) != ok {
			t.Errorf("accent %q: %v", accent, err)
		}
	}
	if err := (loam.Brand{Sign: strings.Repeat("长", 21)}).Check(); loam.CodeOf(err) != "brand.sign" {
		t.Errorf("a sign of 21 characters: %v", err)
	}
}

func TestPageAssets(t *testing.T) {
	t.Parallel()
	two := []loam.Photo{{Asset: "a"}, {Asset: "b"}}
	for name, tt := range map[string]struct {
		page   loam.Page
		drawn  bool
		assets string
		layout loam.Layout
	}{
		"a photo as it is":       {loam.Page{Kind: loam.PagePhoto, Asset: "x"}, false, "x", ""},
		"a photo with a design":  {loam.Page{Kind: loam.PagePhoto, Asset: "x", Photos: two[:1]}, true, "a", loam.LayoutFull},
		"a photo still to come":  {loam.Page{Kind: loam.PagePhoto}, true, "", ""},
		"a cover of two":         {loam.Page{Kind: loam.PageCover, Photos: two}, true, "a b", loam.LayoutGrid},
		"before and after":       {loam.Page{Kind: loam.PageCover, Photos: two, Layout: loam.LayoutCompare}, true, "a b", loam.LayoutCompare},
		"compare with one":       {loam.Page{Kind: loam.PageCover, Photos: two[:1], Layout: loam.LayoutCompare}, true, "a", loam.LayoutFull},
		"words do not show them": {loam.Page{Kind: loam.PageText, Photos: two}, true, "", loam.LayoutGrid},
	} {
		if tt.page.Drawn() != tt.drawn || strings.Join(tt.page.Assets(), " ") != tt.assets || tt.page.Arrangement() != tt.layout {
			t.Errorf("%s: drawn %v, assets %v, %q", name, tt.page.Drawn(), tt.page.Assets(), tt.page.Arrangement())
		}
	}
	p := loam.Page{Title: "一", Sub: "", Lines: []string{"二", ""}, Rows: [][]string{{"三", "四"}}, Callouts: []loam.Callout{{Text: "五"}}}
	if got := strings.Join(p.Words(), ""); got != "一二三四五" {
		t.Errorf("words: %q", got)
	}
}
