package render

import (
	"image/color"

	"loam"
	"loam/internal/fonts"
)

// Style is one design for all pages of a note. Styles come from Styles or Find; the zero
// Style draws nothing.
type Style struct {
	Name string // what the API, the command line and a Draft call it
	Zh   string
	En   string

	look look
}

// look is what a style decides: its colours and hands, how a cover is composed, and the
// ground and room of the pages inside.
type look struct {
	ink    color.RGBA // running text
	soft   color.RGBA // second text: names, page numbers
	accent color.RGBA // bullets, heads, rules that matter
	on     color.RGBA // text on accent
	rule   color.RGBA // thin lines; no text stands on it
	ground color.RGBA // what stands behind running text
	lined  color.RGBA // lines of the ground that text crosses; zero: none
	title  fonts.Name
	body   fonts.Name
	room   room
	plate  plate
	paper  func(*sheet) // draws the ground of a page inside
	cover  func(*sheet) // draws a whole cover
}

// room is where a page inside may write.
type room struct{ x, y, w, h float64 }

// Styles lists the designs in the order a chooser shows them.
func Styles() []Style {
	return []Style{
		{"paper", "便笺", "Paper note", paperLook()},
		{"poster", "大字", "Big type", posterLook()},
		{"memo", "备忘录", "Memo", memoLook()},
		{"blocks", "色块", "Colour blocks", blocksLook()},
		{"grid", "方格本", "Squared notebook", gridLook()},
		{"tape", "胶带便签", "Taped note", tapeLook()},
		{"bubble", "对话", "Chat bubble", bubbleLook()},
		{"news", "头版", "Front page", newsLook()},
		{"receipt", "小票", "Receipt", receiptLook()},
		{"figure", "大数字", "Big figure", figureLook()},
		{"film", "胶片", "Film strip", filmLook()},
		{"calendar", "日历", "Calendar leaf", calendarLook()},
		{"textbook", "课本", "Textbook", textbookLook()},
		{"magazine", "杂志", "Magazine", magazineLook()},
		{"night", "夜色", "Night", nightLook()},
		{"window", "窗口", "Window", windowLook()},
	}
}

// Find is the style of a name; Invalid, "style.unknown" if there is none.
func Find(name string) (Style, error) {
	for _, s := range Styles() {
		if s.Name == name {
			return s, nil
		}
	}
	return Style{}, loam.Fail(loam.Invalid, "style.unknown", clean(name[:min(len(name), 40)], false))
}
