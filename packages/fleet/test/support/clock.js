/** Loaded before a worker: its clock is wrong by CLOCK milliseconds. */
const right = Date.now;
Date.now = () => right() + Number(process.env.CLOCK);
