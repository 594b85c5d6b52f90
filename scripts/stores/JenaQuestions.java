import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.jena.query.Dataset;
import org.apache.jena.query.QueryExecution;
import org.apache.jena.query.QueryExecutionFactory;
import org.apache.jena.query.ReadWrite;
import org.apache.jena.query.ResultSetFormatter;
import org.apache.jena.tdb2.TDB2;
import org.apache.jena.tdb2.TDB2Factory;

/** Answers SELECT queries over a TDB2 database in one Java machine, as SPARQL JSON; prints the seconds of each. */
public class JenaQuestions {
    /** Arguments: the database, whether all graphs are seen together, the folder for the answers, the queries. */
    public static void main(String[] arguments) throws Exception {
        Dataset dataset = TDB2Factory.connectDataset(arguments[0]);
        dataset.getContext().set(TDB2.symUnionDefaultGraph, Boolean.parseBoolean(arguments[1]));
        dataset.begin(ReadWrite.READ);
        System.out.println("question,seconds");
        for (int i = 3; i < arguments.length; i++) {
            Path file = Path.of(arguments[i]);
            String name = file.getFileName().toString().replaceFirst("\\.rq$", "");
            Path answer = Path.of(arguments[2], name + ".json");
            long begun = System.nanoTime();
            try (QueryExecution asked = QueryExecutionFactory.create(Files.readString(file), dataset);
                    OutputStream out = Files.newOutputStream(answer)) {
                ResultSetFormatter.outputAsJSON(out, asked.execSelect());
            }
            System.out.printf("%s,%.3f%n", name, (System.nanoTime() - begun) / 1e9);
        }
        dataset.end();
    }
}
