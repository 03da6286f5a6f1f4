/**
 * External programs that perform one task for a study, such as synthesising speech or scoring a recording.
 * {@link CommandTemplate} is a command line with placeholders. Programs are started without a shell, so a value can
 * never be interpreted as a command.
 */
package sparrow.study.command;
