package sparrow.study.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Many questions, asked in batches; what is found about each reply is kept at once, and a run that was stopped or killed
 * goes on with what is missing. Batches are cut from the list of all questions, whatever is there already: what stands
 * beside a row of a product may change the last bit of its result, and so, once in a great while, a token. A batch that
 * was stopped is therefore decoded whole once more, and only what is missing is kept of it.
 *
 * @param <Q> a question, equal to itself alone
 * @param <F> what is found about one reply
 */
public final class Experiment<Q, F> {
    private final Answering<F> work;
    private final Asked.Asking<Q> asking;
    private final List<Q> questions;
    private final int size;
    private final Findings<Q, F> findings;
    private final RunProgress progress;
    private final Map<Q, String> failures = new HashMap<>();

    /**
     * @param asking how a question is asked, in its turn
     * @param size of a batch: questions that are answered together
     * @param findings where they are kept
     */
    public Experiment(
            Answering<F> work,
            Asked.Asking<Q> asking,
            List<Q> questions,
            int size,
            Findings<Q, F> findings,
            RunProgress progress) {
        this.work = work;
        this.asking = asking;
        this.questions = List.copyOf(questions);
        this.size = size;
        this.findings = findings;
        this.progress = progress;
    }

    /**
     * Finds what is missing.
     *
     * @param stage what the progress calls it
     * @return questions whose replies were not found, and why, in their order; the next run tries them again
     * @throws RunStoppedException if the thread was interrupted; what was found is kept
     * @throws IOException if a finding cannot be kept
     */
    public SequencedMap<Q, String> run(Workers workers, String stage) throws IOException {
        progress.begin(
                stage,
                missing(questions).values().stream().mapToInt(SortedSet::size).sum());
        workers.each(work, new Cutter(), new Kept());
        SequencedMap<Q, String> ordered = new LinkedHashMap<>();
        for (Q question : questions) if (failures.containsKey(question)) ordered.put(question, failures.get(question));
        return Collections.unmodifiableSequencedMap(ordered);
    }

    /** The places of those questions among some whose replies are missing. */
    private SequencedMap<PolicyCase, SortedSet<Integer>> missing(List<Q> some) throws IOException {
        SequencedMap<PolicyCase, SortedSet<Integer>> missing = new LinkedHashMap<>();
        for (PolicyCase by : work.cases()) {
            SortedSet<Integer> members = new TreeSet<>();
            for (int i = 0; i < some.size(); i++) if (!findings.holds(some.get(i), by)) members.add(i);
            if (!members.isEmpty()) missing.put(by, members);
        }
        return missing;
    }

    private List<Q> members(int batch) {
        return questions.subList(batch * size, Math.min(questions.size(), (batch + 1) * size));
    }

    /** A question that cannot be asked is done with for this time. */
    private void fail(Q question, int replies, String reason) throws IOException {
        findings.failed(question, reason);
        missed(question, replies, reason);
    }

    private void missed(Q question, int replies, String reason) {
        failures.put(question, reason);
        for (int i = 0; i < replies; i++) progress.done();
    }

    private static int replies(SequencedMap<PolicyCase, SortedSet<Integer>> wanted, int member) {
        return (int) wanted.values().stream()
                .filter(members -> members.contains(member))
                .count();
    }

    /** Cuts the batches that lack something, and asks their questions. */
    private final class Cutter implements Workers.Tasks<Batch> {
        private int next;

        @Override
        public Optional<Batch> next() throws IOException {
            // Findings are kept meanwhile, by another thread perhaps.
            synchronized (findings) {
                while (next * size < questions.size()) {
                    int number = next++;
                    SequencedMap<PolicyCase, SortedSet<Integer>> wanted = missing(members(number));
                    if (wanted.isEmpty()) continue;
                    if (findings.enough() && isUntouched(number, wanted)) return Optional.empty();
                    List<Asked> asked = ask(number, wanted);
                    if (!asked.isEmpty()) return Optional.of(new Batch(number, asked, wanted));
                    findings.finished(number);
                }
                return Optional.empty();
            }
        }

        /** Whether all of a batch is missing. */
        private boolean isUntouched(int number, SequencedMap<PolicyCase, SortedSet<Integer>> wanted) {
            int all = members(number).size();
            return wanted.size() == work.cases().size()
                    && wanted.values().stream().allMatch(members -> members.size() == all);
        }

        private List<Asked> ask(int number, SequencedMap<PolicyCase, SortedSet<Integer>> wanted) throws IOException {
            List<Q> members = members(number);
            List<Asked> asked = new ArrayList<>();
            for (int i = 0; i < members.size(); i++) {
                if (Thread.currentThread().isInterrupted()) throw new RunStoppedException();
                try {
                    asked.add(asking.ask(members.get(i), i));
                } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
                    // Reading fails as well where the thread is interrupted.
                    if (Thread.currentThread().isInterrupted()) throw new RunStoppedException();
                    fail(members.get(i), replies(wanted, i), Failures.reason(e));
                }
            }
            return asked;
        }
    }

    private final class Kept implements Workers.Sink<Batch, Finding<F>> {
        @Override
        public void begun(Batch batch, String what) {
            progress.now(what);
        }

        @Override
        public void found(Batch batch, Finding<F> finding) throws IOException {
            Q question = member(batch, finding.member());
            synchronized (findings) {
                switch (finding) {
                    case Finding.Found<F>(int member, PolicyCase by, F found) -> {
                        findings.keep(question, by, found);
                        progress.done();
                    }
                    case Finding.Failed<F>(int member, String reason) ->
                        fail(question, replies(batch.wanted(), member), reason);
                }
            }
        }

        private Q member(Batch batch, int member) {
            List<Q> members = members(batch.number());
            if (member >= 0 && member < members.size()) return members.get(member);
            throw new BadParcelException("finding: batch " + batch.number() + " has " + members.size()
                    + " questions, and none of number " + member);
        }

        @Override
        public void finished(Batch batch) throws IOException {
            synchronized (findings) {
                findings.finished(batch.number());
            }
        }

        @Override
        public void lost(Batch batch, String reason) throws IOException {
            synchronized (findings) {
                findings.lost(batch.number(), reason);
                List<Q> members = members(batch.number());
                for (int i = 0; i < members.size(); i++) {
                    if (failures.containsKey(members.get(i))) continue;
                    int open = 0;
                    for (PolicyCase by : batch.wanted().keySet()) {
                        boolean wanted = batch.wanted().get(by).contains(i);
                        if (wanted && !findings.holds(members.get(i), by)) open++;
                    }
                    if (open > 0) missed(members.get(i), open, "lost with its batch: " + reason);
                }
            }
        }
    }
}
