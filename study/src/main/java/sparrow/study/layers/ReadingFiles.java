package sparrow.study.layers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.study.run.ItemFiles;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.ResultStore;
import sparrow.study.run.RunFolder;
import sparrow.study.run.StudyQuestion;

/** The files of a layer study for every question: {@code readings/}. */
final class ReadingFiles implements ResultStore<StudyQuestion, ReplyReading> {
    private final ItemFiles<ReplyReading> readings;

    ReadingFiles(RunFolder run) {
        readings = run.items("readings", ReplyReading.class);
    }

    @Override
    public boolean holds(StudyQuestion question, PolicyCase by) throws IOException {
        return reading(question).isPresent();
    }

    @Override
    public void keep(StudyQuestion question, PolicyCase by, ReplyReading found) throws IOException {
        readings.write(found, question.set().name(), question.item().id());
    }

    private Optional<ReplyReading> reading(StudyQuestion question) throws IOException {
        return readings.read(question.set().name(), question.item().id());
    }

    /** The readings that are there, in the order of the questions. */
    List<LayerReadings.Answered> all(List<StudyQuestion> questions) throws IOException {
        List<LayerReadings.Answered> answered = new ArrayList<>();
        for (StudyQuestion question : questions) {
            Optional<ReplyReading> reading = reading(question);
            if (reading.isEmpty()) continue;
            answered.add(new LayerReadings.Answered(
                    question.set().name(), question.item().id(), reading.get()));
        }
        return answered;
    }
}
