package sparrow.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Does what the task's text says. */
final class Obedient extends TaskFunction {
    private static final long serialVersionUID = 1;

    @Override
    protected TaskAnswer answer(byte[] task) throws Exception {
        String text = new String(task, UTF_8);
        String[] words = text.split(" ");
        return switch (words[0]) {
            case "meet" -> done(Meeting.visit(Integer.parseInt(words[1]), words[2]));
            case "throw" -> throw new IllegalStateException("told to throw\nand more");
            case "halt" -> {
                Runtime.getRuntime().halt(7);
                throw new AssertionError();
            }
            case "refuse" -> new TaskAnswer.Refused("worker refuses");
            default -> done("did " + text);
        };
    }

    private static TaskAnswer done(String text) {
        return new TaskAnswer.Done(text.getBytes(UTF_8));
    }
}
