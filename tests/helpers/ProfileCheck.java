import java.io.File;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;
import org.semanticweb.owlapi.profiles.Profiles;

/** Prints, for each file, the profiles of OWL 2 it is not in and why: one violation a line, after the profile's name. */
public class ProfileCheck {
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            OWLOntology ontology =
                OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(new File(file));
            System.out.println("read " + ontology.getAxiomCount() + " axioms");
            for (Profiles profile : new Profiles[] {Profiles.OWL2_DL, Profiles.OWL2_RL}) {
                for (OWLProfileViolation violation : profile.checkOntology(ontology).getViolations()) {
                    System.out.println(profile + " " + violation.toString().replace('\n', ' '));
                }
            }
        }
    }
}
