"""Questions are rewritten so that a store begins with the things that are meant, and only so."""

from __future__ import annotations

from kg.graph import planning
from kg.graph.names import Found

PLACE, MEASURE = Found(["http://a/p"], True), Found(["http://a/m", "http://a/n"], False)
QUESTION = """SELECT ?place ?value WHERE {
  VALUES ?asked_place { "" }
  VALUES ?asked_measure { "" }
  #: ?j asked_place ?n a:for ?j .
  #: ?m asked_measure ?n a:of ?m .
  ?n a:for ?j ; a:of ?m ; a:value ?value .
  ?j a:label ?place .
  FILTER(?asked_place = "" || STR(?j) = ?asked_place || EXISTS {
    ?j a:label ?name FILTER(CONTAINS(STR(?name), ?asked_place))
  })
  OPTIONAL { ?n a:unit ?unit }
  OPTIONAL {
    ?n a:year ?year
  }
}"""


def planned(places: Found | None, measures: Found | None) -> list[str]:
    asked = {"place": "三都" if places else "", "measure": "案件" if measures else ""}
    return planning.plan(QUESTION, asked, {"place": places, "measure": measures}).split("\n")


def test_without_things_only_constants_change() -> None:
    lines = planned(None, None)
    assert lines[1] == "  ?n a:for ?j ; a:of ?m ; a:value ?value ."
    lines = planning.plan(QUESTION, {"place": "三都"}, {}).split("\n")
    assert lines[3] == '  FILTER("三都" = "" || STR(?j) = "三都" || EXISTS {'
    assert not any("LATERAL" in line or "#:" in line for line in lines)


def test_what_must_hold_is_asked_for_each_of_the_fewest_things() -> None:
    lines = planned(PLACE, MEASURE)
    assert lines[1:5] == [
        "  VALUES ?j { <http://a/p> }",
        "  LATERAL { ?n a:for ?j . }",
        "  LATERAL {",
        "  ?n a:for ?j ; a:of ?m ; a:value ?value .",
    ]
    assert lines[6:8] == ["  FILTER(?m IN (<http://a/m>, <http://a/n>))", "  }"]


def test_what_may_be_missing_is_looked_up_for_each_row() -> None:
    lines = planned(PLACE, None)
    assert lines[-5:] == [
        "  LATERAL { OPTIONAL { ?n a:unit ?unit } }",
        "  LATERAL { OPTIONAL {",
        "    ?n a:year ?year",
        "  } }",
        "}",
    ]


def test_names_are_compared_only_where_some_things_may_not_be_meant() -> None:
    assert not any(line.lstrip().startswith("FILTER") for line in planned(PLACE, None))
    some = Found(PLACE.iris, False)
    assert '  FILTER("三都" = "" || STR(?j) = "三都" || EXISTS {' in planned(some, None)


def test_what_every_row_would_pass_is_left_out() -> None:
    question = """SELECT ?place ?year WHERE {
  ?n a:for ?j ; a:year ?year .
  ?j a:label ?place .
  FILTER(?asked_place = "" || CONTAINS(STR(?place), ?asked_place) || STR(?j) = ?asked_place || EXISTS {
    { ?j a:label ?name FILTER(STRENDS(STR(?name), ?asked_place)) }
    UNION { ?j a:code ?code FILTER(STR(?code) = ?asked_place) }
  })
  FILTER(?asked_year = "" || STR(?year) = ?asked_year)
}"""
    lines = question.split("\n")
    assert planning.plan(question, {}, {}).split("\n") == [*lines[:3], lines[-1]]
    assert planning.plan(question, {"place": "三都"}, {}).split("\n")[3:] == [
        *(line.replace("?asked_place", '"三都"') for line in lines[3:7]),
        lines[-1],
    ]
    assert planning.plan(question, {"year": "2022"}, {}).split("\n")[3:] == [
        '  FILTER("2022" = "" || STR(?year) = "2022")',
        lines[-1],
    ]


def test_too_many_other_things_are_told_by_their_names() -> None:
    many = Found([f"http://a/{number}" for number in range(planning.FEW + 1)], True)
    lines = planned(many, PLACE)
    assert lines[1] == "  VALUES ?m { <http://a/p> }"
    assert not any("http://a/7>" in line for line in lines)
    assert '  FILTER("三都" = "" || STR(?j) = "三都" || EXISTS {' in lines


def test_things_stand_where_a_question_inside_begins_and_not_in_what_was_bound() -> None:
    question = """SELECT ?x WHERE {
  #: ?j asked_place
  {
    SELECT ?j ?x WHERE {
      #: ?j asked_place
      ?x a:for ?j .
      BIND(1 AS ?one)
    }
  }
  OPTIONAL {
    SELECT ?j ?y WHERE {
      #: ?j asked_place
      { ?y a:for ?i } BIND(?i AS ?j)
    }
  }
}"""
    lines = planning.plan(question, {"place": "三都"}, {"place": PLACE}).split("\n")
    assert lines[1:8] == [
        "  VALUES ?j { <http://a/p> }",
        "  {",
        "    SELECT ?j ?x WHERE {",
        "      VALUES ?j { <http://a/p> }",
        "      LATERAL {",
        "      ?x a:for ?j .",
        "      }",
    ]
    assert lines[-5:] == [
        "    SELECT ?j ?y WHERE {",
        "      { ?y a:for ?i } BIND(?i AS ?j)",
        "    }",
        "  }",
        "}",
    ]


TOTAL = """SELECT ?d (COUNT(?r) AS ?reports) WHERE {
  #: ?d asked_document ?r a:names ?d .
  #: apart
  ?r a a:Report ; a:names ?d .
  #: apart
  FILTER NOT EXISTS { ?r a:flag ?flag }
  #: apart
  ?a a:in ?b . ?r a:on ?a .
  #: apart
  OPTIONAL { ?r a:title ?title FILTER(LANG(?title) = "zh") }
}"""


def test_what_everything_is_asked_of_is_read_as_a_whole() -> None:
    assert planning.plan(TOTAL, {}, {}).split("\n")[1:-1] == [
        "  { SELECT * { ?r a a:Report . } } { SELECT * { ?r a:names ?d . } }",
        "  MINUS { ?r a:flag ?flag }",
        "  { SELECT * { ?a a:in ?b . ?r a:on ?a . } }",
        '  OPTIONAL { { SELECT * { ?r a:title ?title } } FILTER(LANG(?title) = "zh") }',
    ]


def test_what_is_asked_of_some_things_is_looked_up() -> None:
    assert planning.plan(TOTAL, {}, {"document": PLACE}).split("\n")[1:-1] == [
        "  VALUES ?d { <http://a/p> }",
        "  LATERAL { ?r a:names ?d . }",
        "  LATERAL {",
        "  ?r a a:Report ; a:names ?d .",
        "  FILTER NOT EXISTS { ?r a:flag ?flag }",
        "  ?a a:in ?b . ?r a:on ?a .",
        "  }",
        '  LATERAL { OPTIONAL { ?r a:title ?title FILTER(LANG(?title) = "zh") } }',
    ]


COUNTED = """SELECT ?d (COUNT(?r) AS ?reports) WHERE {
  #: ?d asked_document ?n a:of ?d .
  #: apart
  #: in ?r ?n a:of ?d
  ?n a:of ?d ; a:passage ?x . ?x a:source ?r .
  {
    VALUES ?asked_document { "" }
    #: apart
    ?d a:label ?name .
    FILTER(?asked_document = "" || STR(?d) = ?asked_document || EXISTS {
      ?d a:label ?other FILTER(CONTAINS(STR(?other), ?asked_document))
    })
  }
  #: apart
  OPTIONAL { ?r a:year ?year }
}"""


def test_a_document_is_known_by_its_graph() -> None:
    whole = planning.plan(COUNTED, {}, {}, by_graph=True).split("\n")
    assert whole[1] == "  { SELECT * { GRAPH ?r { ?n a:of ?d } } }"
    some = planning.plan(COUNTED, {}, {"document": PLACE}, by_graph=True).split("\n")
    assert some[3:5] == ["  LATERAL {", "  GRAPH ?r { ?n a:of ?d }"]
    assert not any("a:passage" in line for line in (*whole, *some))
    elsewhere = planning.plan(COUNTED, {}, {}).split("\n")
    assert elsewhere[1] == "  { SELECT * { ?n a:of ?d ; a:passage ?x . ?x a:source ?r . } }"


def test_where_much_is_meant_it_is_joined_with_what_is_read_as_a_whole() -> None:
    many = Found(["http://a/p", "http://a/q"], True, 2 * planning.MUCH)
    lines = planning.plan(COUNTED, {"document": "法"}, {"document": many}, by_graph=True).split("\n")
    joined = f"    {{ SELECT * {{ VALUES ?d {{ {' '.join(f'<{iri}>' for iri in many.iris)} }} }} }}"
    assert lines[1:-1] == [
        "  { SELECT * { GRAPH ?r { ?n a:of ?d } } }",
        "  {",
        "    { SELECT * { ?d a:label ?name . } }",
        joined,
        "  }",
        "  OPTIONAL { { SELECT * { ?r a:year ?year } } }",
    ]
    maybe = {"document": Found(many.iris, False, many.share)}
    compared = planning.plan(COUNTED, {"document": "法"}, maybe, by_graph=True).split("\n")
    assert compared[4] == '    FILTER("法" = "" || STR(?d) = "法" || EXISTS {'
    assert (lines[:4], lines[5:]) == (compared[:4], compared[7:])
