package sparrow.study.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sparrow.app.report.Mean;
import sparrow.study.compare.PairedDifference.Reply;
import sparrow.study.data.Item;
import sparrow.study.data.Task;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.StudyQuestion;
import sparrow.study.text.WordErrors;

/** Differences of two rows, against direct computations. */
class PairedDifferenceTest {
    static List<StudyQuestion> set(String name, String... answers) {
        List<Item> items = IntStream.range(0, answers.length)
                .mapToObj(at -> new Item("q" + at, "question " + at, Optional.empty(), List.of(answers[at])))
                .toList();
        return StudyQuestion.of(List.of(new QuestionSet(name, Task.REFERENCE_ANSWERS, items)));
    }

    private static List<Reply> row(List<StudyQuestion> questions, double... points) {
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < points.length; i++) {
            replies.add(new Reply(questions.get(i), points[i], null, null, null, "reply " + points[i]));
        }
        return replies;
    }

    @Test
    void isKnownBetterThanTheScoresOfTheRows() {
        List<StudyQuestion> questions = set("demo", "a", "b", "c", "d");

        PairedDifference difference =
                PairedDifference.between(row(questions, 100, 0, 100, 0), row(questions, 100, 0, 100, 100));

        // Differences 0, 0, 0 and -100.
        assertThat(difference.text().value()).isEqualTo(-25);
        assertThat(difference.text().standardError())
                .isCloseTo(Mean.of(List.of(0.0, 0.0, 0.0, -100.0)).standardError(), within(1e-9));
        assertThat(difference.same()).isEqualTo(3);
        assertThat(difference.questions()).isEqualTo(4);
        assertThat(difference.heard()).isEqualTo(new Mean(null, null, 0));
    }

    @Test
    void countsQuestionsWithTheSameAnswerAsOne() {
        List<StudyQuestion> apart = set("demo", "a", "b", "c", "d");
        List<StudyQuestion> alike = set("demo", "a", "a", "c", "c");
        double[] row = {0, 0, 100, 100};
        double[] other = {100, 100, 100, 100};

        Mean independent =
                PairedDifference.between(row(apart, row), row(apart, other)).text();
        Mean clustered =
                PairedDifference.between(row(alike, row), row(alike, other)).text();

        assertThat(clustered.value()).isEqualTo(independent.value()).isEqualTo(-50);
        // Two clusters of differences -100 and 0: the error of the mean of two values.
        assertThat(clustered.standardError())
                .isCloseTo(Mean.of(List.of(-100.0, 0.0)).standardError(), within(1e-9))
                .isGreaterThan(independent.standardError());
    }

    @Test
    void countsEachSetTheSameAndIsMissingWhereASetHasNoScore() {
        List<StudyQuestion> large = set("large", "a", "b", "c", "d");
        List<StudyQuestion> small = set("small", "e", "f");
        List<Reply> row = new ArrayList<>(row(large, 0, 0, 0, 0));
        row.addAll(row(small, 100, 100));
        List<Reply> other = new ArrayList<>(row(large, 100, 100, 100, 100));
        other.addAll(row(small, 100, 100));

        assertThat(PairedDifference.between(row, other).text().value()).isEqualTo(-50);

        row.removeIf(reply -> reply.question().set().name().equals("small"));
        row.add(new Reply(small.getFirst(), null, null, null, null, "unscored"));
        assertThat(PairedDifference.between(row, other).text().value()).isNull();
    }

    @Test
    void ofWordErrorsIsThatOfTheRatesOfTheCorpus() {
        List<StudyQuestion> questions = set("demo", "a", "b");
        List<Reply> row = List.of(heard(questions.get(0), 4, 10), heard(questions.get(1), 1, 10));
        List<Reply> other = List.of(heard(questions.get(0), 1, 10), heard(questions.get(1), 1, 40));

        Mean difference = PairedDifference.between(row, other).wer();

        assertThat(difference.value()).isCloseTo(25 - 4, within(1e-9));
        // Residuals (4 - 2.5)/20 - (1 - 0.4)/50 and (1 - 2.5)/20 - (1 - 1.6)/50.
        double first = 1.5 / 20 - 0.6 / 50;
        double second = -1.5 / 20 + 0.6 / 50;
        assertThat(difference.standardError())
                .isCloseTo(100 * Math.sqrt(2 * (first * first + second * second)), within(1e-9));
    }

    private static Reply heard(StudyQuestion asked, int edits, int words) {
        return new Reply(asked, null, null, new WordErrors(edits, words), null, "");
    }

    @Test
    void countsFactsWhoseRepliesAreAllIdenticalAndFactsWithOtherPoints() {
        List<StudyQuestion> questions = set("demo", "a", "a", "b", "c");

        PairedDifference difference =
                PairedDifference.between(row(questions, 100, 0, 100, 0), row(questions, 100, 100, 100, 100));

        assertThat(difference.same()).isEqualTo(2);
        assertThat(difference.identicalFacts()).isEqualTo(1);
        assertThat(difference.facts()).isEqualTo(3);
        // Two replies about "a" are no whole difference, so that the counts do not determine the mean.
        assertThat(difference.points()).isEqualTo(new PairedDifference.Points(2, 0, 3, false));
    }
}
