package sparrow.study.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import sparrow.engine.exit.ExitPlan;
import sparrow.study.folder.ItemFiles;

/**
 * One exit plan of a study, with the name that it has in the paper: a row of its table. It travels as its name and
 * {@link #policies()}.
 *
 * @param name in the paper, such as G4; empty where it has none
 * @param plan that its replies are decoded by
 */
public record PolicyCase(String name, @JsonIgnore ExitPlan plan) {
    /** The unmodified model, with which the others are compared. */
    public static final PolicyCase NONE = new PolicyCase("", ExitPlan.NONE);

    /**
     * A case without a name in the paper.
     *
     * @param exit in the notation of {@link ExitPlan#parse}
     * @throws IllegalArgumentException in one line if it is not in that notation, or if its parts do not go together
     */
    public static PolicyCase parse(String exit) {
        return new PolicyCase("", ExitPlan.parse(exit));
    }

    /**
     * A case that has a name.
     *
     * @param policies policies in the notation of {@link ExitPlan#parse}
     */
    @JsonCreator
    static PolicyCase of(@JsonProperty("name") String name, @JsonProperty("policies") String policies) {
        return new PolicyCase(name, ExitPlan.parse(policies));
    }

    /** The plan in its notation. */
    @JsonProperty("policies")
    public String policies() {
        return plan.toString();
    }

    /** The name of its folder in a run. */
    public String folder() {
        return ItemFiles.name(policies());
    }

    /** Returns the name in the paper, if there is one, and the policies, for display. */
    @Override
    public String toString() {
        return name.isEmpty() ? policies() : name + " " + policies();
    }
}
