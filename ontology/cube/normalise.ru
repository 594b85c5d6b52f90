# Writes out what a cube may leave unsaid, so that the constraints (ic-*.rq) find it: types and component properties that
# follow from the shorter forms, and what a data set or slice states for all of its observations.
PREFIX qb: <http://purl.org/linked-data/cube#>
INSERT { ?o a qb:Observation } WHERE { ?s qb:observation ?o } ;
INSERT { ?o a qb:Observation . ?set a qb:DataSet } WHERE { ?o qb:dataSet ?set } ;
INSERT { ?s a qb:Slice } WHERE { ?set qb:slice ?s } ;
INSERT { ?c qb:componentProperty ?p . ?p a qb:DimensionProperty } WHERE { ?c qb:dimension ?p } ;
INSERT { ?c qb:componentProperty ?p . ?p a qb:MeasureProperty } WHERE { ?c qb:measure ?p } ;
INSERT { ?c qb:componentProperty ?p . ?p a qb:AttributeProperty } WHERE { ?c qb:attribute ?p } ;
INSERT { ?o ?p ?v } WHERE {
  ?part qb:componentProperty ?p ; qb:componentAttachment qb:DataSet .
  ?set qb:structure/qb:component ?part ; ?p ?v .
  ?o qb:dataSet ?set .
} ;
INSERT { ?o ?p ?v } WHERE {
  ?part qb:componentProperty ?p ; qb:componentAttachment qb:Slice .
  ?set qb:structure/qb:component ?part ; qb:slice ?s .
  ?s ?p ?v ; qb:observation ?o .
}
