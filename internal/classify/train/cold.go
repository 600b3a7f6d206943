package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strconv"

	"loam"
	"loam/internal/text"
)

// readCOLD reads a split of COLD as it is published: index, split, topic, label, text. Its
// label 1 says that a comment offends people for their race, region or gender.
func readCOLD(path string) ([]example, error) {
	rows, err := readCSV(path, 5)
	if err != nil {
		return nil, err
	}
	out := make([]example, len(rows))
	for i, row := range rows {
		e := example{text: row[4], topic: row[2], cold: true}
		switch row[3] {
		case "1":
			e.harm = []loam.Risk{loam.Discrimination}
		case "0":
		default:
			return nil, fmt.Errorf("%s: row %d has label %q", path, i+2, row[3])
		}
		out[i] = e
	}
	grouped(out)
	return out, nil
}

// readCSV gives the rows below the head.
func readCSV(path string, columns int) ([][]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.FieldsPerRecord = columns
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errors.New(path + " is empty")
	}
	return rows[1:], nil
}

// nearly is the similarity from which two comments are kept in one fold.
const nearly = 0.4

// grouped puts near-duplicates into one group, by MinHash (text.Sketch), and groups into
// folds.
func grouped(cold []example) {
	parent := make([]int, len(cold))
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	type key struct {
		band int
		hash uint64
	}
	same, bands := map[string]int{}, map[key][]int{}
	letters := make([]text.Letters, len(cold))
	for i, e := range cold {
		parent[i] = i
		folded := text.Fold(e.text).String()
		if j, ok := same[folded]; ok {
			parent[root(i)] = root(j)
		} else {
			same[folded] = i
		}
		letters[i] = text.LettersOf(e.text)
		for band, hash := range letters[i].Sketch().Bands() {
			k := key{band, hash}
			for _, j := range bands[k] {
				if letters[i].Similarity(letters[j]) >= nearly {
					parent[root(i)] = root(j)
				}
			}
			bands[k] = append(bands[k], i)
		}
	}
	for i := range cold {
		g := root(i)
		cold[i].group = "cold/" + strconv.Itoa(g)
		cold[i].fold = int(uint64(g) * 0x9e3779b97f4a7c15 >> 40 % folds)
		cold[i].mixed = cold[i].fold
	}
}
