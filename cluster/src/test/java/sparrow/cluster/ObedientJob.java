package sparrow.cluster;

import java.io.IOException;
import java.nio.file.Path;
import sparrow.formats.BadFileException;
import sparrow.models.SpokenModel;
import sparrow.study.run.Job;
import sparrow.study.run.Worker;
import sparrow.study.run.WorkerPool;

/** A job whose tasks are orders. */
public record ObedientJob() implements Job<String, String> {
    @Override
    public Worker<String, String> open(SpokenModel model) {
        return new Worker<>() {
            @Override
            public void perform(String task, WorkerPool.Sink<String, String> sink) throws IOException {
                sink.found(task, obey(task) + " by " + model.name());
                sink.finished(task);
            }
        };
    }

    private static String obey(String task) throws IOException {
        String[] words = task.split(" ");
        return switch (words[0]) {
            case "meet" -> Meeting.visit(Integer.parseInt(words[1]), words[2]);
            case "throw" -> throw new IllegalStateException("told to throw\nand more");
            case "halt" -> {
                Runtime.getRuntime().halt(7);
                throw new AssertionError();
            }
            case "refuse" -> throw new BadFileException(Path.of("a file of the model"), "broken");
            default -> "did " + task;
        };
    }
}
