package sparrow.study.run;

import java.util.List;

/**
 * A case as it is written down.
 *
 * @param name in the paper; empty where it has none
 * @param policies in the notation of {@link PolicyCase#parse}
 */
public record CaseSettings(String name, String policies) {
    /** Those of some cases. */
    public static List<CaseSettings> of(List<PolicyCase> cases) {
        return cases.stream()
                .map(one -> new CaseSettings(one.name(), one.policies()))
                .toList();
    }

    /**
     * The case again.
     *
     * @throws IllegalArgumentException in one line if the notation is none
     */
    public PolicyCase policyCase() {
        return new PolicyCase(name, PolicyCase.parse(policies).plan());
    }
}
