package sparrow.study.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import sparrow.engine.exit.ExitPlan;
import sparrow.study.folder.ItemFiles;

/**
 * An exit plan of a study, with its name in the paper: a row of a table. Its serialised form consists of the name and
 * {@link #policies()}.
 *
 * @param name name in the paper, such as G4, or empty if there is none
 * @param plan exit plan of the replies
 */
public record PolicyCase(String name, @JsonIgnore ExitPlan plan) {
    /** The unmodified model, the baseline. */
    public static final PolicyCase NONE = new PolicyCase("", ExitPlan.NONE);

    /**
     * Creates a case without a name in the paper.
     *
     * @param exit plan in the notation of {@link ExitPlan#parse}
     * @throws IllegalArgumentException if the notation is invalid, or its parts cannot be combined; the message is one
     *     line
     */
    public static PolicyCase parse(String exit) {
        return new PolicyCase("", ExitPlan.parse(exit));
    }

    /**
     * Creates a case with a name.
     *
     * @param policies policies in the notation of {@link ExitPlan#parse}
     */
    @JsonCreator
    static PolicyCase of(@JsonProperty("name") String name, @JsonProperty("policies") String policies) {
        return new PolicyCase(name, ExitPlan.parse(policies));
    }

    /** Returns the plan in its notation. */
    @JsonProperty("policies")
    public String policies() {
        return plan.toString();
    }

    /** Returns the name of the case's folder in a run. */
    public String folder() {
        return ItemFiles.name(policies());
    }

    /** Returns the name in the paper, if any, and the policies, for display. */
    @Override
    public String toString() {
        return name.isEmpty() ? policies() : name + " " + policies();
    }
}
