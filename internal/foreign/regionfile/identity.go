package regionfile

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getij/getij/internal/region"
)

// region reads code, level, name, parent and year of a row.
func (b *builder) region(r row, id identity) (region.Region, error) {
	reg := region.Region{Parent: id.text["parent"]}
	own := b.options.Level
	if word := region.Level(id.text["level"]); own == "" && word != "" && region.LevelOf(id.text["code"]) == "" {
		own = word
	}
	if own != "" && !region.Level(strings.ToLower(string(own))).IsCBS() {
		reg.Level, reg.Code, reg.Name = own, id.text["code"], id.text["name"]
		if reg.Code == "" {
			return reg, b.fail(r, cmp.Or(b.options.CodeColumn, "code"), "", "a code for every region of level "+string(own))
		}
		return reg, b.vintage(r, id, &reg)
	}
	code, column := "", ""
	for _, level := range []string{"code", "buurt", "wijk", "gemeente", "provincie"} {
		attribute := level
		if level != "code" {
			attribute += "_code"
		}
		if code = id.text[attribute]; code != "" {
			if level == "code" && region.LevelOf(code) == "" && anyCode(id) {
				continue // a number of the maker's own beside the CBS codes
			}
			column = id.column[attribute]
			if reg.Name = id.text["name"]; level != "code" && id.text[level+"_name"] != "" {
				reg.Name = id.text[level+"_name"]
			}
			break
		}
	}
	if code == "" {
		return reg, b.fail(r, "code", "", "a column with CBS codes such as buurtcode, wijkcode, gemeentecode or code; "+
			"name the column when it is called otherwise; columns are "+strings.Join(b.columnNames(), ", "))
	}
	var err error
	if reg.Code, reg.Level, err = region.ParseCode(code); err != nil {
		return reg, b.fail(r, column, code, "a CBS code such as GM0014, WK001401 or BU00140102, or a level word of your own for other regions"+zerosLost(column, code))
	}
	if err := b.parent(r, id, &reg); err != nil {
		return reg, err
	}
	if reg.Name == "" { // a table by code that names the gemeente only
		reg.Name = id.text[string(reg.Level)+"_name"]
	}
	return reg, b.vintage(r, id, &reg)
}

var shortCode = regexp.MustCompile(`^(?i)(?:gm)?([0-9]{1,4})$`)

// zerosLost says how the code of a gemeente is written of which the zeros were lost, as
// spreadsheets do.
func zerosLost(column, code string) string {
	m := shortCode.FindStringSubmatch(code)
	if m == nil || !strings.HasPrefix(strings.ToLower(code), "gm") && !strings.Contains(strings.ToLower(column), "gemeente") {
		return ""
	}
	number, _ := strconv.Atoi(m[1]) // four digits at most
	return fmt.Sprintf(": is it the gemeente GM%04d? Write GM and its four digits", number)
}

func anyCode(id identity) bool {
	return id.text["buurt_code"]+id.text["wijk_code"]+id.text["gemeente_code"]+id.text["provincie_code"] != ""
}

func (b *builder) columnNames() []string {
	names := slices.Sorted(maps.Keys(b.input.columns))
	if len(names) > 20 {
		names = append(names[:20], "...")
	}
	return names
}

// parent checks the codes of coarser regions on the row, and finds the provincie.
func (b *builder) parent(r row, id identity, reg *region.Region) error {
	check := func(attribute, want string) error {
		if text := id.text[attribute]; text != "" && want != "" {
			if got, _, err := region.ParseCode(text); err != nil || got != want {
				return b.fail(r, id.column[attribute], text, fmt.Sprintf("%s, in which %s lies by its code", want, reg.Code))
			}
		}
		return nil
	}
	gemeente := region.GemeenteCode(reg.Code)
	if err := check("gemeente_code", gemeente); err != nil {
		return err
	}
	if reg.Level == region.Buurt {
		if err := check("wijk_code", region.ParentCode(reg.Code)); err != nil {
			return err
		}
	}
	if reg.Parent == "" {
		reg.Parent = region.ParentCode(reg.Code)
	}
	b.name(gemeente, reg.Code, id.text["gemeente_name"])
	if reg.Level == region.Buurt {
		b.name(region.ParentCode(reg.Code), reg.Code, id.text["wijk_name"])
	}
	provincie := id.text["provincie_code"]
	if provincie == "" && id.text["provincie_name"] != "" {
		code, ok := region.ProvincieByName(id.text["provincie_name"])
		if !ok {
			return b.fail(r, id.column["provincie_name"], id.text["provincie_name"], "the name of one of the twelve provincies")
		}
		provincie = code
	}
	if provincie == "" && reg.Level == region.Gemeente && region.LevelOf(reg.Parent) == region.Provincie {
		provincie = reg.Parent
	}
	if provincie == "" || gemeente == "" {
		return nil
	}
	if old := b.data.ProvincieOf[gemeente]; old != "" && old != provincie {
		return b.fail(r, cmp.Or(id.column["provincie_code"], id.column["provincie_name"], "parent"), provincie,
			fmt.Sprintf("%s, in which other rows put %s", old, gemeente))
	}
	b.data.ProvincieOf[strings.Clone(gemeente)] = b.own(provincie)
	if reg.Level == region.Gemeente && reg.Parent == "" {
		reg.Parent = provincie
	}
	return nil
}

// name keeps the name of a region around the row's.
func (b *builder) name(code, of, name string) {
	if code != "" && code != of && name != "" {
		b.data.Names[strings.Clone(code)] = b.own(name)
	}
}

// vintage reads the year of the boundaries from jaar or jrstatcode.
func (b *builder) vintage(r row, id identity, reg *region.Region) error {
	reg.Vintage = b.options.Vintage
	if reg.Vintage != 0 {
		return nil
	}
	if text := id.text["vintage"]; text != "" {
		year, err := strconv.Atoi(text)
		if err != nil || !region.ValidVintage(year) {
			return b.fail(r, id.column["vintage"], text, "a year such as 2023")
		}
		reg.Vintage = year
	} else if text := id.text["vintage_code"]; text != "" {
		_, _, year, err := region.ParseVintageCode(text)
		if err != nil {
			return b.fail(r, id.column["vintage_code"], text, "a year and a code such as 2023GM0014")
		}
		reg.Vintage = year
	}
	return nil
}

// unwanted gives the reason to leave a row out, or "".
func (b *builder) unwanted(reg region.Region, id identity) string {
	if b.options.KeepWater {
		return ""
	}
	switch g := region.GemeenteCode(reg.Code); {
	case g >= "GM0997" && g <= "GM0999":
		return "not a part of the country (Buitenland or unknown)"
	case strings.EqualFold(id.text["water"], "JA"):
		return "water"
	case strings.EqualFold(id.text["water"], "B"):
		return "water of another country"
	}
	return ""
}
