package sparrow.study.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import sparrow.engine.reply.Reply;
import sparrow.engine.weights.BadFileException;
import sparrow.models.SpokenModel;

/** A model and what one work needs of it. The questions of a batch are encoded once and answered case by case. */
final class AnsweringStation<F> implements Work.Station<Batch, Finding<F>> {
    private final SpokenModel model;
    private final Answering<F> work;
    private final FindingThread thread;
    private final Map<PolicyCase, Replies> decoders = new LinkedHashMap<>();

    private record Ready(int member, Encoded encoded) {}

    AnsweringStation(SpokenModel model, Answering<F> work) {
        this.model = model;
        this.work = work;
        this.thread = new FindingThread(work.besideDecoding());
        for (PolicyCase by : work.cases()) decoders.put(by, new Replies(model, by.plan(), work.decoding()));
    }

    @Override
    public void perform(Batch batch, Workers.Sink<Batch, Finding<F>> sink) throws IOException {
        List<Ready> ready = encoded(batch, sink);
        Answering.Finder<F> finder = work.finder(model);
        for (PolicyCase by : batch.wanted().keySet()) {
            SortedSet<Integer> members = batch.wanted().get(by);
            // What is wanted may be what failed, and nothing else.
            if (ready.stream().noneMatch(asked -> members.contains(asked.member()))) continue;
            if (work.cases().size() > 1) sink.begun(batch, by.toString());
            List<Reply> replies =
                    decoders.get(by).to(ready.stream().map(Ready::encoded).toList());
            for (int i = 0; i < replies.size(); i++) {
                Ready asked = ready.get(i);
                Reply reply = replies.get(i);
                if (!members.contains(asked.member())) continue;
                thread.run(() -> sink.found(
                        batch,
                        new Finding.Found<>(
                                asked.member(),
                                by,
                                finder.find(asked.member(), asked.encoded().prompt(), reply))));
            }
        }
        thread.run(() -> sink.finished(batch));
    }

    private List<Ready> encoded(Batch batch, Workers.Sink<Batch, Finding<F>> sink) throws IOException {
        List<Ready> ready = new ArrayList<>();
        for (Asked asked : batch.questions()) {
            try {
                ready.add(new Ready(asked.member(), Encoded.of(asked, model)));
            } catch (IllegalArgumentException e) {
                // With a file of the model's own no question can be asked.
                if (e instanceof BadFileException bad && bad.file().startsWith(model.folder())) throw bad;
                // One recording of a thousand that is silent must not end a run of hours.
                sink.found(batch, new Finding.Failed<>(asked.member(), Failures.reason(e)));
            }
        }
        return ready;
    }

    @Override
    public void finish() throws IOException {
        thread.finish();
    }

    @Override
    public void close() {
        thread.close();
    }
}
