/* The calendar of the CMS turns a day it cannot read into today when one leaves the field. Here
   the field keeps what was typed, and the server says what is wrong with it. */

jQuery.fn.datetimepicker.defaults.validateOnBlur = false;

// With that the calendar would stay open, over the buttons below it, so it is closed here.
document.addEventListener("focusout", ({ target }) => {
  jQuery(target).data("xdsoft_datetimepicker")?.trigger("close.xdsoft");
});

// In the window for scheduling it would cover the button that saves: then it stands above the field.
document.addEventListener("focusin", ({ target }) => {
  const save = target.closest("#schedule-publishing-dialog")?.querySelector(".action-save");
  const calendar = jQuery(target).data("xdsoft_datetimepicker");
  if (!save || !calendar) return;
  // It opens a tenth of a second after the field has the focus.
  setTimeout(() => {
    const [button, days] = [save, calendar[0]].map((one) => one.getBoundingClientRect());
    if (!days.height || days.bottom < button.top || days.top > button.bottom) return;
    const above = days.height + target.offsetHeight;
    if (days.top > above) calendar.css("top", `${parseFloat(calendar.css("top")) - above}px`);
  }, 150);
});
