package sparrow.study.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sparrow.formats.weights.BadFileException;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;

/** Encodes the questions of a batch once and answers them case by case. */
final class GenerationWorker<R> implements Worker<Batch, ReplyResult<R>> {
    private final SpokenModel model;
    private final GenerationJob<R> job;
    private final ResultThread thread;
    private final GenerationJob.Reader<R> reader;
    private final Map<PolicyCase, Replies> decoders = new HashMap<>();

    private record Ready(int member, EncodedConversation conversation) {}

    GenerationWorker(SpokenModel model, GenerationJob<R> job) {
        this.model = model;
        this.job = job;
        this.reader = job.reader(model);
        for (PolicyCase by : job.cases()) decoders.put(by, new Replies(model, by.plan(), job.decoding()));
        this.thread = new ResultThread(job.besideDecoding());
    }

    @Override
    public void perform(Batch batch, WorkerPool.Sink<Batch, ReplyResult<R>> sink) throws IOException {
        List<Ready> ready = encode(batch, sink);
        for (Batch.Wanted wanted : batch.wanted()) {
            // All questions that are wanted here may have failed.
            if (ready.stream().noneMatch(one -> wanted.members().contains(one.member()))) continue;
            if (job.cases().size() > 1) sink.begun(batch, wanted.by().toString());
            Replies decoder = decoder(wanted.by());
            List<EncodedQuestion> questions = decoder.lastQuestions(
                    ready.stream().map(Ready::conversation).toList());
            decoder.to(questions, (place, reply) -> {
                int member = ready.get(place).member();
                Prompt prompt = questions.get(place).prompt();
                if (!wanted.members().contains(member)) return;
                thread.run(() -> sink.found(
                        batch, new ReplyResult.Found<>(member, wanted.by(), reader.read(member, prompt, reply))));
            });
        }
        thread.run(() -> sink.finished(batch));
    }

    private List<Ready> encode(Batch batch, WorkerPool.Sink<Batch, ReplyResult<R>> sink) throws IOException {
        List<Ready> ready = new ArrayList<>();
        for (Batch.Entry entry : batch.questions()) {
            try {
                ready.add(new Ready(
                        entry.member(),
                        EncodedConversation.of(
                                entry, model, job.decoding().limits().newTokens())));
            } catch (IllegalArgumentException e) {
                // A broken file of the model concerns all questions.
                if (e instanceof BadFileException bad && bad.file().startsWith(model.folder())) throw bad;
                // One recording of a thousand that is silent must not end a run of hours.
                sink.found(batch, new ReplyResult.Failed<>(entry.member(), Failures.reason(e)));
            }
        }
        return ready;
    }

    private Replies decoder(PolicyCase by) {
        Replies decoder = decoders.get(by);
        if (decoder == null) throw new BadMessageException("batch: expected a case of its job, found " + by);
        return decoder;
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
