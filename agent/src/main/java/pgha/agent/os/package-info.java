/**
 * What the agent needs of its operating system: time, signals, threads, systemd.
 *
 * <p>Time has two sources and no third. {@link pgha.agent.os.BootClock} ({@code CLOCK_BOOTTIME}) is what every deadline
 * is counted on: it runs on in suspend, where {@code CLOCK_MONOTONIC} and every wait of the JDK stand still, and nobody
 * can set it. {@link pgha.agent.os.WallClock} is for people: log lines, history, schedules. Whoever must act at a
 * {@code Moment} even after a suspend waits on a {@link pgha.agent.os.BootTimer}.
 *
 * <p>Threads come from {@link pgha.agent.os.Threads} alone, with a name and with somebody who is told when one dies.
 *
 * <p>Natives are mapped in {@code Linux}; buffers are {@code byte[]} in the machine's byte order, and no descriptor
 * opened here is inherited by a program that we start.
 */
@NullMarked
package pgha.agent.os;

import org.jspecify.annotations.NullMarked;
