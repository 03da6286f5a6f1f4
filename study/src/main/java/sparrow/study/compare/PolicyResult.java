package sparrow.study.compare;

import java.util.ArrayList;
import java.util.List;
import sparrow.app.report.Mean;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.QuestionSet;

/**
 * The figures of one policy.
 *
 * @param policy that it is the result of
 * @param sets one result a set of questions, in their order
 * @param meanTextScore of the sets, each counting the same
 * @param meanHeardScore likewise
 * @param all questions of all sets together
 */
public record PolicyResult(
        PolicyCase policy, List<SetResult> sets, Mean meanTextScore, Mean meanHeardScore, SetResult all) {
    /** The name of all sets together. */
    static final String ALL = "all";

    static PolicyResult of(PolicyCase policy, List<ItemResult> items, CompareSetup setup) {
        List<SetResult> sets = new ArrayList<>();
        for (QuestionSet set : setup.study().sets()) {
            List<ItemResult> inSet =
                    items.stream().filter(item -> item.asked().set() == set).toList();
            sets.add(SetResult.of(set.name(), inSet, setup));
        }
        return new PolicyResult(
                policy,
                sets,
                Mean.ofMeans(sets.stream().map(SetResult::textScore).toList()),
                Mean.ofMeans(sets.stream().map(SetResult::heardScore).toList()),
                SetResult.of(ALL, items, setup));
    }
}
